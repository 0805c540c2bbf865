// The same messages through what shared memory is compared with: which loop for which transport, one way or there and back.
import type { Libc } from '../../native/libc.ts';
import { isQueue } from '../model/transports.ts';
import type { RingView } from '../ring-view.ts';
import type { WorkerArguments } from '../worker-arguments.ts';
import { isConsumerGone, isProducerGone } from './ending.ts';
import { type Port, streamPort } from './port.ts';
import { type PortRole, pingPort, pongPort, receiveMessages, sendMessages } from './port-loops.ts';
import { queuePort } from './queue.ts';
import { spliceMessages, splicingPort } from './splice.ts';
import { isStopping, readFromStream, readMessages, writeMessages, writeToStream } from './stream.ts';
import { pingStream, pongStream } from './stream-trips.ts';

export interface Carried extends Omit<PortRole, 'view'> {
  readonly libc: Libc;
  readonly args: WorkerArguments;
  readonly views: readonly RingView[];
}

/** Opens what it needs, calls `start` (which returns when the parent lets go), and runs. */
export async function carry(carried: Carried, start: () => void): Promise<void> {
  const { args, views, setup, beat } = carried;
  // Round trips are recorded in the ring back, by the one that sends.
  const role: PortRole = { view: views.at(-1) ?? views[0], setup, beat };
  const run = args.role === 'producer' ? producing(carried, role) : consuming(carried, role);
  start();
  try {
    await run();
  } catch (cause) {
    // Round trips end in the middle of one: then the other is gone. One way nobody is, before all was taken.
    if (setup.job !== 'duplex' || !views.some(isStopping)) throw cause;
  }
}

function producing(carried: Carried, role: PortRole): () => unknown {
  const { libc, args, setup } = carried;
  const { transport, job } = setup;
  const { dataFd = -1 } = args;
  if (job === 'duplex') {
    if (transport === 'stdio') return () => pingStream(role, process.stdin, process.stdout);
    const port = portOf(carried, role);
    return () => pingPort(role, port);
  }
  if (transport === 'stdio') return () => writeToStream({ ...role, fd: 1 }, process.stdout);
  if (transport === 'vmsplice') return () => spliceMessages(libc, role, dataFd);
  if (!isQueue(transport)) return () => writeMessages({ ...role, fd: dataFd });
  const port = portOf(carried, role);
  return () => sendMessages(role, port);
}

function consuming(carried: Carried, role: PortRole): () => unknown {
  const { args, setup } = carried;
  const { transport, job } = setup;
  if (job === 'duplex') {
    if (transport === 'stdio') return () => pongStream(role, process.stdin, process.stdout);
    const port = portOf(carried, role);
    return () => pongPort(role, port);
  }
  if (transport === 'stdio') return () => readFromStream({ ...role, fd: 0 }, process.stdin);
  if (!isQueue(transport)) return () => readMessages({ ...role, fd: args.dataFd ?? -1 });
  const port = portOf(carried, role);
  return () => receiveMessages(role, port);
}

/** There is the first of all, back the second. */
function portOf({ libc, args, views, setup }: Carried, { beat }: PortRole): Port {
  const { transport, sizeBytes } = setup;
  const { dataFd = -1, backFd = -1, queues = [] } = args;
  const isProducer = args.role === 'producer';
  if (isQueue(transport)) {
    const [there, back] = queues;
    const names = isProducer ? { send: there, receive: back } : { send: back, receive: there };
    const [view] = views;
    const isSenderGone = () => (isProducer ? isConsumerGone : isProducerGone)(view);
    return queuePort(libc, transport, sizeBytes, names, { view, beat, isSenderGone });
  }
  const [readFd, writeFd] = isProducer ? [backFd, dataFd] : [dataFd, backFd];
  const port = streamPort(sizeBytes, readFd, writeFd);
  return transport === 'vmsplice' ? splicingPort(libc, sizeBytes, writeFd, port) : port;
}
