// Finds out what containers are called, by the records of engines and from the docker daemon: in a thread of its own, with a deadline and a
// small heap.
import { closeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Container } from '../model/object.ts';
import { threadProgram } from '../thread/worker-file.ts';
import type { ContainerAnswer, ContainerQuestion } from './container-worker.ts';
import { DOCKER_SOCKETS, openDockerSocket } from './docker-socket.ts';

/** The thread ends two seconds after it began to ask; this long it may take to begin, on a busy machine. */
const DEADLINE_MS = 10_000;
/** An answer of the greatest length takes some 30 MB; beyond this the thread ends, and nobody else. */
const RESOURCES = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 };

/**
 * `answered` is called once, later: with what records tell of the `wanted` and what the daemon says of all; with undefined where neither
 * tells anything: no daemon, no answer in time, or none that can be understood.
 */
export function askDocker(
  answered: (names: ContainerAnswer | undefined) => void,
  wanted: readonly Container[] = [],
  places = DOCKER_SOCKETS,
): void {
  const fd = openDockerSocket(places);
  const closeSocket = () => fd !== undefined && closeSync(fd);
  if (fd === undefined && wanted.length === 0) {
    setImmediate(() => answered(undefined));
    return;
  }
  const worker = startThread({ wanted, ...(fd === undefined ? {} : { socketPath: `/proc/self/fd/${fd}` }) });
  if (!worker) {
    closeSocket();
    setImmediate(() => answered(undefined));
    return;
  }
  let names: ContainerAnswer | undefined;
  const deadline = setTimeout(() => void worker.terminate(), DEADLINE_MS);
  worker.on('message', (answer: ContainerAnswer) => {
    // Records know more than the list of who runs; what is running now has its name from the daemon.
    names = merged(names, answer);
  });
  // Out of memory, or systeminformation is not there: no names.
  worker.on('error', () => {});
  worker.on('exit', () => {
    clearTimeout(deadline);
    closeSocket();
    answered(names);
  });
  // Nobody waits for names who would otherwise end.
  deadline.unref();
  worker.unref();
}

function merged(recorded: ContainerAnswer | undefined, told: ContainerAnswer): ContainerAnswer {
  const all = new Map(recorded);
  for (const [id, facts] of told) all.set(id, { ...all.get(id), ...facts });
  return all;
}

/** Undefined where there can be no thread: a sample goes on without names. */
function startThread(workerData: ContainerQuestion): Worker | undefined {
  try {
    const program = threadProgram('container-worker', 'probe/source/container-worker.ts');
    // Without environment: nothing that somebody set there decides whom systeminformation asks.
    const options = { eval: program.eval, env: {}, execArgv: [], resourceLimits: RESOURCES };
    return new Worker(program.code, { ...options, workerData });
  } catch {
    return undefined; // ERR_WORKER_INIT_FAILED: the limit of threads
  }
}
