// What decides about names in /dev/shm that nobody seems to hold: the lease oracle, and the state of their software.
import { type Assembly, type NameFindings, nameCase } from '../model/assemble/assemble.ts';
import type { NameDraft } from '../model/join/join.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { isProvable } from '../model/join/shm-place.ts';
import { type Clock, judgeMaker } from '../model/judge/maker.ts';
import { matchPosix, type SoftwareHit, type SoftwareRow } from '../model/judge/software.ts';
import type { LeaseAnswer, SoftwareState } from '../model/judge/verdict-case.ts';
import { isLeaseWanted } from '../model/judge/verdict-name.ts';
import type { Maker } from '../model/object.ts';
import type { MountedElsewhere } from '../territory/places/mounted-elsewhere.ts';
import type { LeaseBook } from './lease-book.ts';
import type { PidBook } from './pid-book.ts';

interface Found {
  readonly draft: NameDraft;
  readonly software?: SoftwareHit;
  /** As if no other object of its software were in use. Absent where somebody holds it, or no software is known. */
  readonly state?: SoftwareState;
  wanted: 'no' | 'yes' | 'leftover';
  lease?: LeaseAnswer;
  isInUse: boolean;
}

/** What names are judged with. */
export type NameContext = Pick<Assembly, 'table' | 'nowSec' | 'minAgeSec' | 'notInspected' | 'seesAllProcesses'> & {
  readonly leases: LeaseBook;
  readonly pids: PidBook;
  readonly clock: () => Clock | undefined;
  /** Devices of which not every name is known. */
  readonly cutDevices: ReadonlySet<DeviceNumber>;
  /** What is bind mounted elsewhere; called only where a name may be a leftover. */
  readonly readMounted: () => Pick<MountedElsewhere, 'answer'>;
};

/**
 * How old an answer of the lease oracle may be while nothing has changed (times, size, owner, mode, links, and in the dashboard
 * nobody was seen to open it). Root looked into the processes just now: a holder that only the kernel knows, a descriptor in
 * flight, is what could be missed for so long, and removal asks again. For others the answer that makes an "abandoned" is of
 * this very look.
 */
const KEPT_MS = { leftover: 5000, others: 60_000, onlyWitness: 5000 };

/** Findings for every name, in the order given. */
export function findAboutNames(drafts: readonly NameDraft[], context: NameContext): NameFindings[] {
  const found = drafts.map((draft) => lookAt(draft, context));
  askAbout(found, context);
  const childrenInUse = countChildrenInUse(found);
  const aliveInstances = new Set(found.filter(({ isInUse }) => isInUse).map(instanceOf));
  let mounted: Pick<MountedElsewhere, 'answer'> | undefined;
  const mountedElsewhere = ({ entry }: NameDraft) => {
    mounted ??= context.readMounted();
    return mounted.answer(entry);
  };
  return found.map((one) => ({
    software: one.software,
    lease: one.lease,
    childrenInUse: childrenInUse.get(placeOf(one.draft.entry.device, one.draft.entry.name)) ?? 0,
    mounted: mayBeLeftover(one) && isProvable(one.draft.entry.place) ? mountedElsewhere(one.draft) : undefined,
    isCut: one.software !== undefined && context.cutDevices.has(one.draft.entry.device),
    softwareState: one.state && { ...one.state, isInstanceAlive: aliveInstances.has(instanceOf(one)) },
  }));
}

function lookAt(draft: NameDraft, context: NameContext): Found {
  const software = softwareOf(draft, context.table);
  const isInUse = draft.holds.size > 0;
  if (isInUse || !isFile({ draft })) return { draft, software, wanted: 'no', isInUse };
  const state = software && softwareState(draft, software, context);
  const findings = { software, softwareState: state, childrenInUse: 0 };
  return {
    draft,
    software,
    state,
    wanted: isLeaseWanted(nameCase(draft, findings, context), context, context.leases.asksForAll),
    isInUse,
  };
}

const isFile = ({ draft: { entry } }: Pick<Found, 'draft'>) => entry.type === 'file' || entry.type === 'semaphore';

/** The kernel is asked where the answer decides; of software with a leftover it decides for each of its objects: one may be alive. */
function askAbout(found: readonly Found[], { leases, notInspected, seesAllProcesses }: NameContext): void {
  const leftovers = new Set(found.filter(({ wanted }) => wanted === 'leftover').map(instanceOf));
  const isWitnessed = seesAllProcesses && (notInspected === 0 || leases.asksForAll);
  const asked = found.filter((one) => {
    if (one.wanted !== 'no') return true;
    return (
      !one.isInUse && isFile(one) && (!leases.canAsk || (one.software !== undefined && leftovers.has(instanceOf(one))))
    );
  });
  const keptMs = ({ wanted }: Found) => {
    if (!isWitnessed) return wanted === 'leftover' ? 0 : KEPT_MS.onlyWitness;
    return wanted === 'leftover' ? KEPT_MS.leftover : KEPT_MS.others;
  };
  const answers = leases.ask(asked.map((one) => ({ entry: one.draft.entry, keptMs: keptMs(one) })));
  for (const one of found) if (!one.isInUse && isFile(one)) one.lease = 'spared';
  for (const [at, one] of asked.entries()) {
    one.lease = answers[at];
    one.isInUse = one.lease === 'busy';
  }
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
  { pids, clock, seesAllProcesses }: NameContext,
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
    isInstanceAlive: false,
    seesAllProcesses: seesAllProcesses && pids.knowsAllCommands(),
  };
}

/** A pid in a name may be one of a container's own pid namespace: it counts as dead only if no process anywhere has it. */
function judgeNamePid(pid: number, madeSec: number, pids: PidBook, clock: () => Clock | undefined): Maker {
  const nested = pids.withNestedPid(pid);
  if (nested) return { pid: nested.pid, state: 'alive', comm: nested.comm };
  return judgeMaker(pid, pids.answer(pid), madeSec, clock());
}
