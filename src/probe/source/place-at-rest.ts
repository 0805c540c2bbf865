// Units and containers in which nothing runs: may something start them again? Asked of the folders in which they are described.
import { ENOENT, ENOTDIR } from '../../native/errno.ts';
import { utf8Bytes } from '../model/bytes.ts';
import type { PlaceNow } from '../model/life/present.ts';
import type { Unit } from '../model/life/unit.ts';
import type { Container } from '../model/object.ts';
import { startsByItself, templateOf } from '../parse/unit-file.ts';
import { type Io, readText } from './io.ts';

type AtRest = Extract<PlaceNow, string>;

/** Where the system manager looks for units (systemd.unit(5)); transient ones are gone with their end. */
const UNIT_FOLDERS = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/run/systemd/generator.late',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const;
const MOST_UNIT_BYTES = 64 * 1024;
/** Units that start the service of the same name. */
const STARTERS = ['.timer', '.socket', '.path'] as const;

export function unitAtRest(io: Io, { path }: Unit): AtRest {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // A scope is made by a program for processes that it has: there is no description of it (systemd.scope(5)).
  if (name.endsWith('.scope')) return 'gone';
  if (!name.endsWith('.service')) return 'stopped';
  // Units of a user lie in his home too. What systemd-run names has no file.
  if (/\/user@\d+\.service\//.test(path)) return /^run-[0-9a-zA-Z-]+\.service$/.test(name) ? 'gone' : 'resting';
  const names = [name, templateOf(name)].filter((each) => each !== undefined);
  const texts: string[] = [];
  for (const folder of UNIT_FOLDERS) {
    for (const each of names) {
      const stem = each.slice(0, -'.service'.length);
      if (STARTERS.some((kind) => isThere(io, `${folder}/${stem}${kind}`))) return 'resting';
      if (!isThere(io, `${folder}/${each}`)) continue;
      const text = readText(io, `${folder}/${each}`, MOST_UNIT_BYTES);
      // Unreadable, or masked (a link to /dev/null): then it is not known, or nobody starts it.
      if (typeof text === 'number') return 'resting';
      texts.push(text, ...dropIns(io, `${folder}/${each}.d`));
    }
  }
  if (texts.length === 0) return 'gone';
  return startsByItself(texts) ? 'resting' : 'stopped';
}

const MOST_DROP_INS = 32;

function dropIns(io: Io, folder: string): string[] {
  const names = io.readDir(folder);
  if (typeof names === 'number') return [];
  return names
    .filter((name) => name.endsWith('.conf'))
    .slice(0, MOST_DROP_INS)
    .map((name) => readText(io, `${folder}/${name}`, MOST_UNIT_BYTES))
    .filter((text) => typeof text === 'string');
}

const isThere = (io: Io, path: string) => typeof io.stat(path, 'nofollow') !== 'number';

/** Where containerd has its state: its own, and those of k3s, RKE2, k0s and MicroK8s. */
const CONTAINERD = [
  ...['/var/lib/containerd', '/var/lib/rancher/k3s/agent/containerd', '/var/lib/rancher/rke2/agent/containerd'],
  ...['/var/lib/k0s/containerd', '/var/snap/microk8s/common/var/lib/containerd'],
].map((state) => `${state}/io.containerd.grpc.v1.cri/containers`);

/** Where a runtime keeps a record of each container, under its full id. */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  docker: ['/var/lib/docker/containers'],
  podman: ['/var/lib/containers/storage/overlay-containers', '/var/lib/containers/storage/vfs-containers'],
  crio: ['/var/lib/containers/storage/overlay-containers'],
  containerd: CONTAINERD,
  kubernetes: [...CONTAINERD, '/var/lib/containers/storage/overlay-containers', '/var/lib/docker/containers'],
};

/** A container with a record may be started again, by its restart policy or by a person. */
export function containerAtRest(io: Io, { id, runtime, uid, within }: Container): AtRest {
  // Those of an ordinary user are recorded in his home, and his engine may start them again; those inside another one, in there.
  if (within !== undefined || (uid !== undefined && runtime !== 'podman')) return 'unknown';
  const folders = RECORDS[runtime];
  if (!folders || !/^[0-9a-f]{12,64}$/.test(id)) return namedAtRest(io, id, runtime);
  let isKnown = false;
  for (const folder of folders) {
    const names = io.readDir(folder);
    if (typeof names === 'number') {
      if (names !== -ENOENT && names !== -ENOTDIR) return 'unknown';
    } else if (names.some((name) => name.startsWith(id))) return 'resting';
    else isKnown = true;
  }
  // Records that are nowhere are somewhere else; so are those of a docker that was told where.
  if (!isKnown || (runtime === 'docker' && isDockerElsewhere(io))) return 'unknown';
  // That of an ordinary user keeps its records in his home; only he starts it again.
  return runtime === 'podman' ? 'stopped' : 'gone';
}

/** `data-root` of dockerd(8): what lies at the usual place is then of an earlier time. */
function isDockerElsewhere(io: Io): boolean {
  const text = readText(io, '/etc/docker/daemon.json', MOST_UNIT_BYTES);
  return typeof text === 'number' ? text !== -ENOENT && text !== -ENOTDIR : /"(data-root|graph)"/.test(text);
}

const NAMED: Readonly<Record<string, readonly string[]>> = {
  lxc: ['/var/lib/lxc', '/var/snap/lxd/common/lxd/containers', '/var/lib/incus/containers'],
  nspawn: ['/var/lib/machines', '/etc/systemd/nspawn'],
};

function namedAtRest(io: Io, name: string, runtime: string): AtRest {
  const folders = NAMED[runtime];
  if (!folders) return 'unknown';
  for (const folder of folders) {
    const names = io.readDir(folder);
    if (typeof names === 'number') {
      if (names !== -ENOENT && names !== -ENOTDIR) return 'unknown';
    } else if (names.some((each) => each === utf8Bytes(name) || each.startsWith(`${utf8Bytes(name)}.`)))
      return 'resting';
  }
  return 'stopped';
}
