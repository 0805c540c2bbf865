// What the two workers of a pair are given of what carries their messages: ends of pipes and sockets, or the names of queues.
import { close } from '../native/file.ts';
import type { Libc } from '../native/libc.ts';
import { openChannel } from './channel.ts';
import type { Keeper } from './keep/keeper.ts';
import { isChannel } from './model/transports.ts';
import type { LoadPlan } from './plan.ts';

/** What one worker holds. Nothing of it for the ring in shared memory. */
export interface WorkerEnds {
  /** Its end of the way there: the producer writes to it, the consumer reads. */
  readonly dataFd?: number;
  /** Its end of the way back, of a duplex pair. */
  readonly backFd?: number;
  readonly roomFd?: number;
  readonly queues?: readonly string[];
}

export interface PairEnds {
  readonly producer: WorkerEnds;
  readonly consumer: WorkerEnds;
  /** All that are ours to close. */
  readonly fds: readonly number[];
}

/** Opens what pair `pair` needs, or -errno. */
export function openEnds(libc: Libc, plan: LoadPlan, pair: number, keeper: Keeper | undefined): PairEnds | number {
  if (keeper) {
    const { queues, mqs } = keeper.kept;
    const names = [...queues.map(String), ...mqs];
    const own = plan.job === 'duplex' ? names.slice(0, 2) : names.slice(pair, pair + 1);
    const ends: WorkerEnds = {
      ...(keeper.roomFd === undefined ? {} : { roomFd: keeper.roomFd }),
      ...(own.length > 0 ? { queues: own } : {}),
    };
    return { producer: ends, consumer: ends, fds: [] };
  }
  if (!isChannel(plan.transport)) return { producer: {}, consumer: {}, fds: [] };
  const there = openChannel(libc, plan.transport);
  if (typeof there === 'number') return there;
  const fds = [there.readFd, there.writeFd];
  if (plan.job !== 'duplex') {
    return { producer: { dataFd: there.writeFd }, consumer: { dataFd: there.readFd }, fds };
  }
  const back = openChannel(libc, plan.transport);
  if (typeof back === 'number') {
    for (const fd of fds) close(libc, fd);
    return back;
  }
  return {
    producer: { dataFd: there.writeFd, backFd: back.readFd },
    consumer: { dataFd: there.readFd, backFd: back.writeFd },
    fds: [...fds, back.readFd, back.writeFd],
  };
}

/** Closes our copies. */
export function closeEnds(libc: Libc, { fds }: PairEnds): void {
  for (const fd of fds) close(libc, fd);
}
