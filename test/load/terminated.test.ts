// A load that keeps something which has no last close (a semaphore set) is asked to end, or killed: nothing of it stays.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasQueues, UNPRIVILEGED } from './private-namespace.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SCRIPT = `
sets() { tail -n +2 /proc/sysvipc/sem | wc -l; }
segments() { tail -n +2 /proc/sysvipc/shm | wc -l; }
"$0" "$1" load --sync semop --duration 30s --no-latency --json > /dev/null 2> /dev/null & load=$!
for i in $(seq 200); do [ "$(segments)" -gt 0 ] && break; sleep 0.05; done
sleep 1
echo "sets while it runs $(sets)"
kill -$2 $load; wait $load 2> /dev/null; echo "exit $?"
for i in $(seq 40); do [ "$(sets)$(segments)" = 00 ] && break; sleep 0.05; done
echo "sets $(sets) segments $(segments)"`;

/** Runs the script in an IPC namespace of its own; sees only the sets of that one. */
function end(signal: string, isPrivileged: boolean): string[] {
  const way = isPrivileged ? [] : UNPRIVILEGED;
  const words = ['--ipc', ...way, 'sh', '-c', SCRIPT, process.execPath, MAIN, signal];
  return spawnSync('unshare', words, { encoding: 'utf8', timeout: 40_000 }).stdout.trim().split('\n');
}

describe.skipIf(!hasQueues)('a load in mode semop', () => {
  it.each([
    ['TERM', 143],
    ['HUP', 129],
    ['KILL', 137],
  ])('that ends by SIG%s leaves no set and no segment, without any later sweep', (signal, code) => {
    // Its set is in a namespace of its own.
    expect(end(signal, true)).toEqual(['sets while it runs 0', `exit ${code}`, 'sets 0 segments 0']);
  });

  it.each([
    ['TERM', 143],
    ['KILL', 137],
  ])('that may not make a namespace, and ends by SIG%s: its keeper removes the set', (signal, code) => {
    expect(end(signal, false)).toEqual(['sets while it runs 1', `exit ${code}`, 'sets 0 segments 0']);
  });
});
