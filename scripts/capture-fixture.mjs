// Captures what the probe reads of some processes of this machine into test/fixtures/<name>, small and without what is private:
//   node scripts/capture-fixture.mjs <name> "<what it shows>" <pid>...
// Numbers of devices and inodes of files in /dev/shm become {{file:/name}} or {{unlinked:inode}}, other paths become examples,
// bytes that an editor would spoil become {{bytes:…}}, maps that are refused {{unreadable}}; test/support/fixture.ts fills them in
// again. Run it as root, best in namespaces of its own: unshare --ipc --mount. Look at what it wrote before you commit it.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeBytes } from '../src/probe/model/bytes.ts';

const SHM = '/dev/shm';
const STATUS_LINES = /^(?:Name|State|Tgid|Pid|PPid|Uid|Gid|NSpid|Threads):.*\n/gm;
const MAPS_LINE = /^(\S+ (\S+) \S+) ([0-9a-f]+:[0-9a-f]+ \d+) *(.*)$/;
const SHARED_MEMORY = /^\/(?:dev\/shm\/|SYSV|memfd:|dev\/zero|anon_hugepage)/;
/** Private mappings kept of each process, so that there is something to skip. */
const PRIVATE_KEPT = 2;

const [name, about, ...pids] = process.argv.slice(2);
if (!name || !about || pids.length === 0 || !pids.every((pid) => /^\d+$/.test(pid))) {
  console.error('usage: node scripts/capture-fixture.mjs <name> "<what it shows>" <pid>...');
  process.exit(2);
}
const target = join(fileURLToPath(new URL('../test/fixtures', import.meta.url)), name);
const latin1 = (path) => readFileSync(path, 'latin1');
const optional = (read) => {
  try {
    return read();
  } catch {
    return undefined; // ENOENT, EACCES, ESRCH: what cannot be read here is not there in the fixture either
  }
};
const bytes = (raw) => (escapeBytes(raw) === raw && !raw.includes('{{') ? raw : `{{bytes:${escapeBytes(raw)}}}`);
const write = (path, text) => {
  if (text === undefined) return;
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), text, 'latin1');
};
const link = (path, to) => {
  if (to === undefined) return;
  mkdirSync(dirname(join(target, path)), { recursive: true });
  symlinkSync(to, join(target, path));
};

const { entries, nameOf } = listShm();
write(
  'fixture.json',
  `${JSON.stringify({ about, kernel: release().match(/^[\d.]+/)?.[0], takenAtSec: Math.floor(Date.now() / 1000), shm: entries }, undefined, 2)}\n`,
);
write('proc/sysvipc/shm', latin1('/proc/sysvipc/shm'));
write('proc/stat', `cpu  0 0 0 0 0 0 0 0 0 0\n${/^btime \d+\n/m.exec(latin1('/proc/stat'))?.[0] ?? ''}`);
for (const limit of ['shmmax', 'shmall', 'shmmni', 'shm_rmid_forced']) {
  write(`proc/sys/kernel/${limit}`, latin1(`/proc/sys/kernel/${limit}`));
}
for (const kind of ['ipc', 'mnt', 'pid']) link(`proc/self/ns/${kind}`, readlinkSync(`/proc/self/ns/${kind}`));
for (const pid of pids) captureProcess(pid);
console.log(`${target}: ${pids.length} processes, ${entries.length} names. Read it before you commit it.`);

function captureProcess(pid) {
  const from = `/proc/${pid}`;
  const to = `proc/${pid}`;
  write(`${to}/maps`, optional(() => sanitisedMaps(latin1(`${from}/maps`))) ?? '{{unreadable}}');
  write(
    `${to}/stat`,
    optional(() => latin1(`${from}/stat`).replace(/(?<=^\d+ \()[\s\S]*(?=\))/, bytes)),
  );
  write(
    `${to}/status`,
    optional(() => latin1(`${from}/status`).match(STATUS_LINES)?.join('')),
  );
  write(
    `${to}/cgroup`,
    optional(() => latin1(`${from}/cgroup`).replace(/(?<=^\d+:[^:]*:).*$/gm, sanitisedCgroup)),
  );
  for (const kind of ['ipc', 'mnt', 'pid'])
    link(
      `${to}/ns/${kind}`,
      optional(() => readlinkSync(`${from}/ns/${kind}`)),
    );
  for (const fd of optional(() => readdirSync(`${from}/fd`)) ?? []) {
    const stat = optional(() => statSync(`${from}/fd/${fd}`, { bigint: true }));
    const held = stat && nameOf.get(`${stat.dev}:${stat.ino}`);
    if (held !== undefined) link(`${to}/fd/${fd}`, `{{file:${held}}}`);
  }
}

function sanitisedMaps(text) {
  let kept = 0;
  const lines = text.split('\n').map((line) => {
    const found = MAPS_LINE.exec(line);
    if (!found) return undefined;
    const [, head, perms, number, path] = found;
    const isShm = SHARED_MEMORY.test(path);
    if (!isShm && !perms.endsWith('s') && kept++ >= PRIVATE_KEPT) return undefined;
    const shown = isShm || /^\[.*\]$|^$/.test(path) ? path : '/usr/lib/example';
    return `${`${head} ${path.startsWith(`${SHM}/`) ? placeholder(number, path) : number} `.padEnd(73)}${bytes(shown)}`;
  });
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

/** `00:1b 42` of a file below /dev/shm. */
function placeholder(number, path) {
  const [, major, minor, inode] = /^([0-9a-f]+):([0-9a-f]+) (\d+)$/.exec(number);
  const [a, b] = [BigInt(`0x${major}`), BigInt(`0x${minor}`)];
  const device = ((a & 0xfffn) << 8n) | ((a & ~0xfffn) << 32n) | (b & 0xffn) | ((b & ~0xffn) << 12n);
  const held = nameOf.get(`${device}:${inode}`);
  if (held !== undefined) return `{{file:${held}}}`;
  return path.endsWith(' (deleted)') ? `{{unlinked:${inode}}}` : number;
}

/** Containers are told by their cgroup; anything else in the path is nobody's business. */
function sanitisedCgroup(path) {
  const container = /(?:docker|libpod|cri-containerd|crio)[-/][0-9a-f]{64}(?:\.scope)?/.exec(path)?.[0];
  return container === undefined ? '/' : `/${container.replace(/[0-9a-f]{64}/, 'c0ffee00'.repeat(8))}`;
}

/** Names below /dev/shm, and by `dev:inode` the escaped one of each. */
function listShm() {
  const entries = [];
  const nameOf = new Map();
  const walk = (below) => {
    for (const child of readdirSync(Buffer.from(SHM + below, 'latin1'), { encoding: 'latin1' })) {
      const raw = `${below}/${child}`;
      const stat = lstatSync(Buffer.from(SHM + raw, 'latin1'), { bigint: true });
      const type = ['File', 'Directory', 'SymbolicLink', 'FIFO'].find((kind) => stat[`is${kind}`]());
      if (type === undefined) continue;
      const known = nameOf.get(`${stat.dev}:${stat.ino}`);
      const name = escapeBytes(raw);
      nameOf.set(`${stat.dev}:${stat.ino}`, known ?? name);
      entries.push({
        name,
        type: type.toLowerCase(),
        sizeBytes: type === 'File' ? Number(stat.size) : undefined,
        mode: (Number(stat.mode) & 0o7777).toString(8),
        linkTo: known,
      });
      if (type === 'Directory') walk(raw);
    }
  };
  walk('');
  return { entries, nameOf };
}
