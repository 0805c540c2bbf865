// PURE: the command line between the parent and its workers; written to be readable in ps(1).
import type { SegmentHandle } from './segment.ts';
import type { SyncDescriptors } from './sync/sync.ts';

export interface WorkerArguments {
  readonly role: 'producer' | 'consumer';
  readonly parentPid: number;
  readonly handle: SegmentHandle;
  readonly segmentBytes: number;
  readonly ringBytes: number;
  /** Numbers of the rings that this worker uses: one, or two for a duplex pair. */
  readonly rings: readonly number[];
  /** Its end of the pipe or socket, for the transports that are compared. */
  readonly dataFd?: number;
  /** The same of what comes back, of a duplex pair. */
  readonly backFd?: number;
  /** Of the IPC namespace that its semaphore set or queues are in, where that is not our own. */
  readonly roomFd?: number;
  /** Its message queue, by number or name, and of a duplex pair that of what comes back. */
  readonly queues?: readonly string[];
  /** Descriptors of mode eventfd, for each of `rings`. */
  readonly syncFds?: readonly SyncDescriptors[];
}

const WORD = /^(segment|bytes|ring-bytes|rings|parent|data|eventfds|back|room|queues)=([a-z0-9:,-]+)$/;

/** The words for the command line, in the order of the interface. */
export function formatWorkerArguments(args: WorkerArguments): string[] {
  const { handle } = args;
  const words = [
    args.role,
    `segment=${handle.kind}:${handle.kind === 'sysv' ? handle.shmid : handle.fd}`,
    `bytes=${args.segmentBytes}`,
    `ring-bytes=${args.ringBytes}`,
    `rings=${args.rings.join(',')}`,
    `parent=${args.parentPid}`,
  ];
  if (args.dataFd !== undefined) words.push(`data=${args.dataFd}`);
  if (args.backFd !== undefined) words.push(`back=${args.backFd}`);
  if (args.roomFd !== undefined) words.push(`room=${args.roomFd}`);
  if (args.queues) words.push(`queues=${args.queues.join(',')}`);
  if (args.syncFds) words.push(`eventfds=${args.syncFds.map((fds) => `${fds.filledFd}:${fds.emptyFd}`).join(',')}`);
  return words;
}

/** The arguments from those words; undefined when they are not such. */
export function parseWorkerArguments(words: readonly string[]): WorkerArguments | undefined {
  const [role, ...rest] = words;
  if (role !== 'producer' && role !== 'consumer') return undefined;
  const values = new Map<string, string>();
  for (const word of rest) {
    const match = WORD.exec(word);
    if (!match) return undefined;
    values.set(match[1], match[2]);
  }
  const [kind, id] = (values.get('segment') ?? '').split(':');
  const number = (name: string) => Number(values.get(name) ?? Number.NaN);
  const rings = (values.get('rings') ?? '').split(',').map(Number);
  if (
    (kind !== 'sysv' && kind !== 'fd') ||
    [number('bytes'), number('ring-bytes'), number('parent')].some(Number.isNaN)
  ) {
    return undefined;
  }
  return {
    role,
    parentPid: number('parent'),
    handle: kind === 'sysv' ? { kind, shmid: Number(id) } : { kind, fd: Number(id) },
    segmentBytes: number('bytes'),
    ringBytes: number('ring-bytes'),
    rings,
    ...(values.has('data') ? { dataFd: number('data') } : {}),
    ...(values.has('back') ? { backFd: number('back') } : {}),
    ...(values.has('room') ? { roomFd: number('room') } : {}),
    ...(values.has('queues') ? { queues: values.get('queues')?.split(',') } : {}),
    ...(values.has('eventfds') ? { syncFds: parsePairs(values.get('eventfds') ?? '') } : {}),
  };
}

function parsePairs(text: string): SyncDescriptors[] {
  return text.split(',').map((pair) => {
    const [filledFd, emptyFd] = pair.split(':').map(Number);
    return { filledFd, emptyFd };
  });
}
