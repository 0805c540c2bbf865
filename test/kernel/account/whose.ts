// Mounts file systems of memory as root in a mount namespace of its own, has another user mount one in his, and prints what the account
// tells of them: JSON, by the last step of their paths. Run by node itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { readAccountReadings } from '../../../src/probe/look/account.ts';
import { Sampler } from '../../../src/probe/look/sampler.ts';

const [scratch = ''] = process.argv.slice(2);
const OURS: readonly (readonly [path: string, options: string])[] = [
  ['roots', 'mode=1777'],
  ['users', 'uid=65534,mode=700'],
  ['volumes/kubernetes.io~empty-dir/pods', 'mode=1777'],
];

for (const [path, options] of OURS) {
  mkdirSync(`${scratch}/${path}`, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `${options},size=1m`, 'x', `${scratch}/${path}`]);
  if (status !== 0) throw new Error(`cannot mount ${path}`);
}
mkdirSync(`${scratch}/endless`);
chmodSync(scratch, 0o755);
const place = `${scratch}/endless`;
const script = `mount -t tmpfs -o nr_blocks=$((1 << 62)) x '${place}' && head -c 2000000 /dev/zero > '${place}/a' && echo there && read end`;
const user = ['--reuid=65534', '--regid=65534', '--clear-groups', 'unshare', '--user', '--map-root-user', '--mount'];
const other = spawn('setpriv', [...user, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  await Promise.race([once(other.stdout, 'data'), once(other, 'exit')]);
  const sampler = new Sampler({ minAgeSec: 0 });
  const snapshot = sampler.sample();
  if (!sampler.seen) throw new Error('nothing was seen');
  const { mounts } = readAccountReadings(sampler.seen, snapshot);
  const told = mounts.flatMap(({ path = '', pid, isOfOthers, sizeBytes, usedBytes }) =>
    path.startsWith(`${scratch}/`)
      ? [[path.replace(/^.*\//, ''), { isForeign: pid !== undefined, isOfOthers, sizeBytes, usedBytes }] as const]
      : [],
  );
  process.stdout.write(`${JSON.stringify(Object.fromEntries(told))}\n`);
} finally {
  other.stdin.end();
}
