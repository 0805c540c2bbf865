// Starting one worker process: where its program lies, what it inherits, and noticing when it ends too early.
import { type ChildProcess, spawn } from 'node:child_process';
import { processArgs } from '../probe/thread/worker-file.ts';
import type { LoadPlan } from './plan.ts';
import type { Segment } from './segment.ts';
import type { SyncDescriptors } from './sync/sync.ts';
import { formatWorkerArguments } from './worker-arguments.ts';

const SEGMENT_FD = 3;
const FIRST_EXTRA_FD = 4;

/**
 * Starts a producer or consumer of pair `pair`. `dataFd` is its end of a pipe or socket, `syncFds` the eventfds of all rings;
 * both stay ours to close. Throws what spawn throws at once (EMFILE, ENOMEM); what comes later is an event.
 */
export function startWorker(
  plan: LoadPlan,
  segment: Segment,
  role: 'producer' | 'consumer',
  pair: number,
  dataFd: number | undefined,
  syncFds: readonly SyncDescriptors[],
): ChildProcess {
  const rings = plan.job === 'duplex' ? [0, 1] : [pair];
  const stdio: (number | 'ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe'];
  stdio.push(segment.handle.kind === 'fd' ? segment.handle.fd : 'ignore');
  let data: number | undefined;
  if (dataFd !== undefined && plan.transport === 'stdio') {
    data = role === 'producer' ? 1 : 0;
    stdio[data] = dataFd;
  } else if (dataFd !== undefined) {
    data = stdio.push(dataFd) - 1;
  }
  const inherited: SyncDescriptors[] = [];
  for (const ring of syncFds.length > 0 ? rings : []) {
    const at = FIRST_EXTRA_FD + inherited.length * 2;
    stdio.push(syncFds[ring].filledFd, syncFds[ring].emptyFd);
    inherited.push({ filledFd: at, emptyFd: at + 1 });
  }
  const words = formatWorkerArguments({
    role,
    parentPid: process.pid,
    handle: segment.handle.kind === 'fd' ? { kind: 'fd', fd: SEGMENT_FD } : segment.handle,
    segmentBytes: plan.segmentBytes,
    ringBytes: plan.geometry.ringBytes,
    rings,
    ...(data === undefined ? {} : { dataFd: data }),
    ...(inherited.length > 0 ? { syncFds: inherited } : {}),
  });
  // Options meant for us (an inspector, loaders, coverage, a cache of code) would slow or break the workers.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));
  return spawn(process.execPath, [...processArgs('load-worker', 'load/worker/main.ts'), ...words], { stdio, env });
}

/** Calls `onEarlyEnd` with words when a worker ends, or cannot be started. */
export function watchWorker(child: ChildProcess, role: string, onEarlyEnd: (message: string) => void): void {
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  child.once('error', (cause) => onEarlyEnd(`Cannot start the ${role}: ${cause.message}.`));
  child.once('exit', (code, signal) => {
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
    const why = lastWords.trim().split('\n')[0];
    onEarlyEnd(`The ${role} (pid ${child.pid}) ${how}${why ? `: ${why}` : ''}. The other workers were stopped.`);
  });
}
