// What decides about names in /dev/shm that nobody seems to hold: the lease oracle, and the state of their software.
import type { Libc } from '../../native/libc.ts';
import type { NameFindings } from '../model/assemble.ts';
import type { NameDraft } from '../model/join.ts';
import { type Clock, judgeMaker } from '../model/maker.ts';
import type { Maker } from '../model/object.ts';
import { isProvable } from '../model/shm-place.ts';
import { matchPosix, type SoftwareHit, type SoftwareRow } from '../model/software.ts';
import type { LeaseAnswer, SoftwareState } from '../model/verdict.ts';
import type { MountedElsewhere } from '../territory/mounted-elsewhere.ts';
import { askLease, LEASE_SCRATCH_BYTES } from './lease.ts';
import type { PidBook } from './pid-book.ts';

interface Found {
  readonly draft: NameDraft;
  readonly software?: SoftwareHit;
  readonly lease?: LeaseAnswer;
  readonly isInUse: boolean;
}

/**
 * Findings for every name, in the order given. The kernel is asked only about regular files without a holder, and
 * `readMounted` is called only where one of them may be a leftover.
 */
export function findAboutNames(
  drafts: readonly NameDraft[],
  table: readonly SoftwareRow[],
  libc: Libc | undefined,
  pids: PidBook,
  clock: () => Clock | undefined,
  seesAllProcesses: boolean,
  readMounted: () => Pick<MountedElsewhere, 'answer'>,
): NameFindings[] {
  const scratch = libc?.allocate(LEASE_SCRATCH_BYTES);
  const found = drafts.map((draft): Found => {
    const { type } = draft.entry;
    const software = softwareOf(draft, table);
    const isHeld = draft.holds.size > 0;
    if (isHeld || (type !== 'file' && type !== 'semaphore')) return { draft, software, isInUse: isHeld };
    const lease = libc && scratch ? askLease(libc, draft.entry, scratch) : 'unavailable';
    return { draft, software, lease, isInUse: lease === 'busy' };
  });
  const childrenInUse = countChildrenInUse(found);
  const aliveInstances = new Set(found.filter(({ isInUse }) => isInUse).map(instanceOf));
  let mounted: Pick<MountedElsewhere, 'answer'> | undefined;
  const mountedElsewhere = ({ entry }: NameDraft) => {
    mounted ??= readMounted();
    return mounted.answer(entry);
  };
  return found.map((one) => ({
    software: one.software,
    lease: one.lease,
    childrenInUse: childrenInUse.get(placeOf(one.draft.entry.device, one.draft.entry.name)) ?? 0,
    mounted: mayBeLeftover(one) && isProvable(one.draft.entry.place) ? mountedElsewhere(one.draft) : undefined,
    softwareState:
      one.lease === 'free' && one.software
        ? softwareState(one.draft, one.software, aliveInstances.has(instanceOf(one)), pids, clock, seesAllProcesses)
        : undefined,
  }));
}

/** That of its first name, unless what another one tells forbids more: all of them lead to the same data. */
function softwareOf({ entry, otherNames }: NameDraft, table: readonly SoftwareRow[]): SoftwareHit | undefined {
  const first = matchPosix(table, entry.name.slice(1));
  const others = otherNames.map((name) => matchPosix(table, name.slice(1)));
  const veto = [first, ...others].find((hit) => hit?.row.leftover.when === 'never');
  return veto ?? first;
}

function mayBeLeftover({ lease, software }: Found): boolean {
  const when = software?.row.leftover.when;
  return lease === 'free' && when !== undefined && when !== 'never' && when !== 'unknown';
}

/** Objects of one software and one user belong to one instance, as far as anybody can tell. */
const instanceOf = ({ software, draft }: Found) => (software ? `${software.row.name}\0${draft.entry.uid}` : '');

/** The same path may exist on the mounts of several containers. */
const placeOf = (device: number, name: string) => `${device} ${name}`;

/** How many objects in use each directory has below it, at any depth. */
function countChildrenInUse(found: readonly Found[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { draft, isInUse } of found) {
    if (!isInUse) continue;
    const { name, device } = draft.entry;
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      const directory = placeOf(device, name.slice(0, slash));
      counts.set(directory, (counts.get(directory) ?? 0) + 1);
    }
  }
  return counts;
}

function softwareState(
  { entry }: NameDraft,
  { row, namePid }: SoftwareHit,
  isInstanceAlive: boolean,
  pids: PidBook,
  clock: () => Clock | undefined,
  seesAllProcesses: boolean,
): SoftwareState {
  const { leftover } = row;
  const running =
    leftover.when === 'no-process'
      ? pids.running(leftover.comm, leftover.of === 'user' ? entry.uid : undefined, leftover.library)
      : leftover.when === 'name-pid-dead' && leftover.andNoProcess
        ? pids.running(leftover.andNoProcess, entry.uid)
        : undefined;
  return {
    namePid: namePid === undefined ? undefined : judgeNamePid(namePid, entry.btimeSec ?? entry.ctimeSec, pids, clock),
    running,
    isInstanceAlive,
    seesAllProcesses: seesAllProcesses && pids.knowsAllCommands(),
  };
}

/** A pid in a name may be one of a container's own pid namespace: it counts as dead only if no process anywhere has it. */
function judgeNamePid(pid: number, madeSec: number, pids: PidBook, clock: () => Clock | undefined): Maker {
  const nested = pids.withNestedPid(pid);
  if (nested) return { pid: nested.pid, state: 'alive', comm: nested.comm };
  return judgeMaker(pid, pids.answer(pid), madeSec, clock());
}
