// Starting one worker process: where its program lies, what it inherits, and noticing when it ends too early.
import { type ChildProcess, spawn } from 'node:child_process';
import type { WorkerEnds } from './ends.ts';
import type { LoadPlan } from './plan.ts';
import type { Segment } from './segment.ts';
import type { SyncDescriptors } from './sync/sync.ts';
import { formatWorkerArguments } from './worker-arguments.ts';
import { workerEnvironment, workerProgram } from './worker-program.ts';

const SEGMENT_FD = 3;

/**
 * Starts a producer or consumer of pair `pair`. `ends` is what it holds of what carries the messages, `syncFds` the eventfds of all
 * rings; both stay ours to close. Throws what spawn throws at once (EMFILE, ENOMEM); what comes later is an event.
 */
export function startWorker(
  plan: LoadPlan,
  segment: Segment,
  role: 'producer' | 'consumer',
  pair: number,
  ends: WorkerEnds,
  syncFds: readonly SyncDescriptors[],
): ChildProcess {
  const rings = plan.job === 'duplex' ? [0, 1] : [pair];
  const stdio: (number | 'ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe'];
  stdio.push(segment.handle.kind === 'fd' ? segment.handle.fd : 'ignore');
  const give = (fd: number | undefined) => (fd === undefined ? undefined : stdio.push(fd) - 1);
  const isStdio = plan.transport === 'stdio';
  if (isStdio && role === 'producer') [stdio[1], stdio[0]] = [ends.dataFd ?? 'ignore', ends.backFd ?? 'ignore'];
  if (isStdio && role === 'consumer') [stdio[0], stdio[1]] = [ends.dataFd ?? 'ignore', ends.backFd ?? 'ignore'];
  const data = isStdio ? undefined : give(ends.dataFd);
  const back = isStdio ? undefined : give(ends.backFd);
  const room = give(ends.roomFd);
  const inherited: SyncDescriptors[] = [];
  for (const ring of syncFds.length > 0 ? rings : []) {
    const at = stdio.length;
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
    ...(back === undefined ? {} : { backFd: back }),
    ...(room === undefined ? {} : { roomFd: room }),
    ...(ends.queues ? { queues: ends.queues } : {}),
    ...(inherited.length > 0 ? { syncFds: inherited } : {}),
  });
  return spawn(process.execPath, [...workerProgram(), ...words], { stdio, env: workerEnvironment() });
}

/** Calls `onEnd` with words when a worker ends, or cannot be started. `isAsTold`: as it should when it was told to stop. */
export function watchWorker(
  child: ChildProcess,
  role: string,
  onEnd: (message: string, isAsTold: boolean) => void,
): void {
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  child.once('error', (cause) => onEnd(`Cannot start the ${role}: ${cause.message}.`, false));
  child.once('exit', (code, signal) => {
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
    const why = lastWords.trim().split('\n')[0];
    const message = `The ${role} (pid ${child.pid}) ${how}${why ? `: ${why}` : ''}. The other workers were stopped.`;
    onEnd(message, code === 0);
  });
}
