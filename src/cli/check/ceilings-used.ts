// How full what shared memory can run into is, in percent: segments, /dev/shm in bytes and inodes, semaphores.
import { ceilingsOf } from '../../probe/model/ceilings.ts';
import type { Semaphores } from '../../probe/model/semaphores.ts';
import { isOwnMount, type ShmMount, type Snapshot } from '../../probe/model/snapshot.ts';
import { spellBytes } from '../../ui/format/bytes.ts';
import { type Measured, type NotMeasured, type Reading, shareOf } from './reading.ts';

const WHOLE = 100;
const IEC = { bytes: 'iec' } as const;

/** Of our own IPC namespace. */
export function measureSegments({ limits, gaps }: Snapshot): Measured | NotMeasured {
  const [ceiling] = ceilingsOf(limits, undefined).filter(({ kind }) => kind === 'segments');
  if (gaps.some(({ source }) => source === 'sysv'))
    return { problem: 'the table of System V segments could not be read' };
  if (ceiling?.used === undefined || ceiling.limit === undefined || ceiling.limit === 0)
    return { problem: 'the limit SHMMNI could not be read' };
  return { readings: [share('segments_used', 'segments', ceiling.used, ceiling.limit, '')], notes: [] };
}

/**
 * Of each place of shared memory in our own mount namespace: the fullest counts. What others mount as theirs is not ours to watch, nor
 * what an engine keeps mounted here for a container, which fills it.
 */
export function measureMounts({ limits }: Snapshot, of: 'bytes' | 'inodes'): Measured | NotMeasured {
  const own = limits.mounts.filter(isOwnMount);
  if (own.length === 0) return { problem: 'there is no shared memory file system at /dev/shm' };
  const readings = own.flatMap((mount) => {
    const [used, limit] = of === 'bytes' ? [mount.usedBytes, mount.sizeBytes] : [mount.inodesUsed, mount.inodes];
    if (used === undefined || limit === undefined) return [];
    return [
      share(
        `${of === 'bytes' ? 'shm' : 'inodes'}_used${suffixOf(mount)}`,
        `of the ${of} of ${mount.path}`,
        used,
        limit,
        of === 'bytes' ? 'B' : '',
      ),
    ];
  });
  const open = own.length - readings.length;
  if (readings.length === 0) return { problem: `${own[0]?.path} has no limit of its ${of}, or does not tell it` };
  return { readings, notes: open > 0 ? [`${open} without a limit`] : [] };
}

/** The usual one needs no name. */
const suffixOf = ({ path }: ShmMount) => (path === '/dev/shm' ? '' : ` ${path}`);

/** Of our own IPC namespace: sets (SEMMNI) and semaphores in all of them (SEMMNS). */
export function measureSemaphores(found: Semaphores | string): Measured | NotMeasured {
  if (typeof found === 'string') return { problem: `semaphores could not be counted: ${found}` };
  const { sets, mostSets, semaphores, mostSemaphores } = found;
  if (mostSets === 0 || mostSemaphores === 0) return { problem: 'no semaphore can be made here at all' };
  return {
    readings: [
      share('semaphore_sets_used', 'semaphore sets', sets, mostSets, ''),
      share('semaphores_used', 'semaphores', semaphores, mostSemaphores, ''),
    ],
    notes: [],
  };
}

function share(label: string, name: string, used: number, limit: number, unit: '' | 'B'): Reading {
  const value = shareOf(used, limit);
  const text = (amount: number) => (unit === 'B' ? spellBytes(amount, IEC) : String(amount));
  const isOf = name.startsWith('of ');
  return {
    ...{ value, low: value, high: value, label, max: WHOLE },
    words: `${value}% ${isOf ? name : `of ${name}`} used (${text(used)} of ${text(limit)})`,
    beside: [{ label: label.replace('_used', ''), value: used, unit, max: limit }],
  };
}
