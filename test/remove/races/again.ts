// An IPC namespace, and a tmpfs, whose numbers come again: another one has them a moment later. What was known of the first must not be
// told of the second, and what was planned for the first must not happen to the second.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Sampler } from '../../../src/probe/look/sampler.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { plan } from '../../../src/remove/model/plan.ts';
import { assertPrivate, clean, remove, Tally } from './world.ts';

const TRIES = 12;

assertPrivate();
const tally = new Tally();
const sampler = new Sampler({ minAgeSec: 0 });

/** A container with one segment and one name of this size; ends with its standard input. */
async function container(sizeBytes: number): Promise<ChildProcess> {
  const script = `mount -t tmpfs again /dev/shm && ipcmk -p 640 -M ${sizeBytes} && truncate -s ${sizeBytes} /dev/shm/one && echo ready && exec cat 9</dev/shm/one`;
  const child = spawn('unshare', ['--ipc', '--mount', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break;
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The container's segment and name, as they are listed. */
function look(): { segment?: ShmObject; name?: ShmObject; takenAtMs: number } {
  const { objects, host, takenAtMs } = sampler.sample();
  return {
    segment: objects.find(({ kind, ipcNamespace }) => kind === 'sysv' && ipcNamespace !== host.ipcNamespace),
    name: objects.find(({ kind, rawName, rawPath }) => kind === 'posix' && rawName === '/one' && rawPath === undefined),
    takenAtMs,
  };
}
for (let round = 0; round < TRIES && !(tally.counts.segments && tally.counts.names); round++) {
  const sizeBytes = 8192 + round * 8192;
  const first = await container(sizeBytes);
  const before = look();
  await end(first);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // times of birth are told in seconds
  const second = await container(sizeBytes + 4096);
  const now = look();
  for (const kind of ['segment', 'name'] as const) {
    const [was, is] = [before[kind], now[kind]];
    if (!was || !is) {
      tally.expect(false, `${kind}: ${was ? 'the second' : 'the first'} is not listed`);
      continue;
    }
    tally.expect(
      is.sizeBytes === sizeBytes + 4096,
      `${is.id} has ${is.sizeBytes} bytes, which is what the one before had`,
    );
    if (was.id !== is.id) continue;
    tally.add(`${kind}s`);
    for (const force of [false, true]) {
      const plans = plan([was], { force, isNamed: true, listedAtMs: before.takenAtMs });
      const report = remove(plans);
      const [{ outcome }] = report.results;
      tally.expect(outcome.kind !== 'removed', `${is.id} was removed by a plan for the one before (force ${force})`);
    }
    tally.expect(look()[kind] !== undefined, `${is.id} is gone`);
  }
  await end(second);
}
clean();
tally.print();
