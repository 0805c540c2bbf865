// What names in /dev/shm are judged with: what was read of the machine, and how to ask for more where that decides.
import type { Assembly } from '../model/assemble/assembly.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { Listener, StoodIn } from '../model/judge/verdict-case.ts';
import type { MountedElsewhere } from '../territory/places/mounted-elsewhere.ts';
import type { LeaseBook } from './lease-book.ts';
import type { ClueContext } from './name-clues.ts';

export type NameContext = Pick<
  Assembly,
  'table' | 'never' | 'userName' | 'nowSec' | 'minAgeSec' | 'notInspected' | 'seesAllProcesses' | 'witnessed'
> &
  ClueContext & {
    readonly leases: LeaseBook;
    /** Devices of which not every name is known. */
    readonly cutDevices: ReadonlySet<DeviceNumber>;
    /** What is bind mounted elsewhere; called only where a name may be a leftover. */
    readonly readMounted: () => Pick<MountedElsewhere, 'answer'>;
    /** Whether anybody is bound to a socket file. */
    readonly askListener: (entry: ShmEntry) => Listener;
    /** Whether a directory is where some process stands; called only where that decides. */
    readonly askStoodIn: (entry: ShmEntry) => StoodIn;
  };
