// The signals that ask a program to end: a load ends in good order, and takes back what the kernel would keep.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPrivateNamespace, PRIVATE } from './private-namespace.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SCRIPT = `
"$0" "$1" load --sync semop --duration 30s --no-latency --json > /dev/null & load=$!
for i in $(seq 200); do [ "$(tail -n +2 /proc/sysvipc/sem | wc -l)" -gt 0 ] && break; sleep 0.05; done
sleep 1
echo "sets while it runs $(tail -n +2 /proc/sysvipc/sem | wc -l)"
kill -$2 $load; wait $load; echo "exit $?"
echo "sets $(tail -n +2 /proc/sysvipc/sem | wc -l) segments $(tail -n +2 /proc/sysvipc/shm | wc -l)"`;

describe.skipIf(!hasPrivateNamespace)('a load that is asked to end', () => {
  it.each([
    ['TERM', 143],
    ['HUP', 129],
  ])('by SIG%s leaves no semaphore set and no segment, and dies of it', (signal, code) => {
    const words = [...PRIVATE, 'sh', '-c', SCRIPT, process.execPath, MAIN, signal];
    const { stdout } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 40_000 });
    expect(stdout.trim().split('\n')).toEqual(['sets while it runs 1', `exit ${code}`, 'sets 0 segments 0']);
  });
});
