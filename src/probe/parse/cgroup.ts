// /proc/PID/cgroup: the container a process runs in, by the path that its runtime gave it (cgroups(7)).
import { type ByteString, textOfBytes } from '../model/bytes.ts';
import type { Container } from '../model/object.ts';

/** Of the bytes of a path: a blank, 0xa0 and 0x85 are part of a name as any other, only `/` and newline are not. */
const RUNTIMES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)docker-([0-9a-f]{64})\.scope/, 'docker'],
  [/\/docker\/([0-9a-f]{64})/, 'docker'],
  [/(?:^|\/)cri-containerd-([0-9a-f]{64})\.scope/, 'containerd'],
  [/(?:^|\/)crio-([0-9a-f]{64})/, 'crio'],
  [/(?:^|\/)libpod-([0-9a-f]{64})/, 'podman'],
  [/\/lxc(?:\/|\.payload[./])([^/\n]+)/, 'lxc'],
  [/(?:^|\/)machine-(?!qemu\\x2d)([^/\n]+)\.scope/, 'nspawn'],
  [/(?:^|\/)systemd-nspawn@([^/\n]+)\.service/, 'nspawn'],
  // From the last one on: from each of many, the time would grow with their square.
  [/\/kubepods(?:(?!\/kubepods)[^\n])*\/([0-9a-f]{64})/, 'kubernetes'],
];

/**
 * The container that the cgroup text (bytes) names, or undefined for a process of the host. Names of lxc and nspawn are their
 * ids, as text. Whoever may make cgroups chooses them: they are shown and filtered by, and prove nothing.
 */
export function parseContainer(text: ByteString): Container | undefined {
  for (const [pattern, runtime] of RUNTIMES) {
    const id = pattern.exec(text)?.[1];
    if (id === undefined) continue;
    if (/^[0-9a-f]{64}$/.test(id)) return { id: id.slice(0, 12), runtime };
    const name = textOfBytes(runtime === 'nspawn' ? unescapeUnit(id) : id);
    return { id: name, name, runtime };
  }
  return undefined;
}

/** systemd.unit(5): `\x2d` stands for a character that a unit name cannot hold. */
function unescapeUnit(name: ByteString): ByteString {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The paths of all hierarchies, below the root that the reader sees, each once. */
export function parseCgroupPaths(text: ByteString): readonly ByteString[] {
  const paths = text.split('\n').flatMap((line) => /^\d+:[^:]*:(\/.*)$/s.exec(line)?.[1] ?? []);
  return [...new Set(paths)];
}
