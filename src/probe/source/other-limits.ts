// Limits that hold beside those of segments: semaphores and queues of our own IPC namespace, and the pools of huge pages.

import type { Libc } from '../../native/libc.ts';
import { highestQueue, MSG_INFO_BYTES, MSG_INFO_LAYOUT } from '../../native/sysv-mq.ts';
import type { OtherLimit } from '../model/other-limits.ts';
import { type Io, readText } from './io.ts';
import { countSemaphores } from './semaphores.ts';

const POOLS = '/sys/kernel/mm/hugepages';
const MOST_BYTES = 64;

/** Two system calls, and three small files for each size of huge pages. */
export function readOtherLimits(io: Io, libc: Libc | undefined): OtherLimit[] {
  return [...(libc ? [...semaphores(libc), ...queues(libc)] : []), ...hugePages(io)];
}

function semaphores(libc: Libc): OtherLimit[] {
  const found = countSemaphores(libc);
  if (typeof found === 'number') return [];
  return [
    { kind: 'semaphore-sets', used: found.sets, limit: found.mostSets },
    { kind: 'semaphores', used: found.semaphores, limit: found.mostSemaphores },
  ];
}

function queues(libc: Libc): OtherLimit[] {
  const info = libc.allocate(MSG_INFO_BYTES);
  if (highestQueue(libc, info.address) < 0) return [];
  const { queues: used, mostQueues } = MSG_INFO_LAYOUT;
  return [{ kind: 'queues', used: info.i32[used / 4], limit: info.i32[mostQueues / 4] }];
}

/** Those in use of all that the pool has and may take beyond it for a while (hugetlbpage.rst). */
function hugePages(io: Io): OtherLimit[] {
  const names = io.readDir(POOLS);
  return (typeof names === 'number' ? [] : names).flatMap((name): OtherLimit[] => {
    const kib = /^hugepages-(\d{1,9})kB$/.exec(name)?.[1];
    const number = (file: string) => {
      const text = readText(io, `${POOLS}/${name}/${file}`, MOST_BYTES);
      return typeof text === 'number' ? undefined : Number(/^\d{1,15}/.exec(text)?.[0] ?? 0);
    };
    const pages = number('nr_hugepages');
    const free = number('free_hugepages');
    if (kib === undefined || pages === undefined || free === undefined) return [];
    const beyond = (number('nr_overcommit_hugepages') ?? 0) - (number('surplus_hugepages') ?? 0);
    const limit = pages + Math.max(0, beyond);
    // A machine that set none aside has no pool that could run empty.
    return limit === 0 ? [] : [{ kind: 'huge-pages', of: String(Number(kib) * 1024), used: pages - free, limit }];
  });
}
