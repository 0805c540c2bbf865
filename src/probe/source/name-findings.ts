// What decides about names in /dev/shm that nobody seems to hold: the lease oracle, the state of their software, listeners of
// sockets, and what suggests anything of the rest.
import { identifiedName, type JudgedName, type NameFindings, nameCase } from '../model/assemble/assemble-name.ts';
import { itemAt } from '../model/item-at.ts';
import type { NameDraft } from '../model/join/join.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { isProvable } from '../model/join/shm-place.ts';
import { matchPosix, type SoftwareHit, type SoftwareRow } from '../model/judge/software.ts';
import type { LeaseAnswer, Listener, SoftwareState, Witnessed } from '../model/judge/verdict-case.ts';
import { isLeaseWanted } from '../model/judge/verdict-name.ts';
import type { MountedElsewhere } from '../territory/places/mounted-elsewhere.ts';
import { findDirectories } from './directory-findings.ts';
import { findClues } from './name-clues.ts';
import type { NameContext } from './name-context.ts';
import { NameDossiers } from './name-dossiers.ts';
import { SoftwareStates } from './software-state.ts';

interface Found {
  readonly draft: NameDraft;
  readonly software?: SoftwareHit;
  /** As if no other object of its software were in use. Absent where somebody holds it, or no software is known. */
  readonly state?: SoftwareState;
  readonly listener?: Listener;
  readonly witnessed?: Witnessed;
  wanted: 'no' | 'yes' | 'leftover';
  lease?: LeaseAnswer;
  isInUse: boolean;
}

/**
 * How old an answer of the lease oracle may be while nothing has changed (times, size, owner, mode, links, and in the dashboard
 * nobody was seen to open it). Root looked into the processes just now: a holder that only the kernel knows, a descriptor in
 * flight, is what could be missed for so long, and removal asks again. For others the answer that makes an "abandoned" is of
 * this very look.
 */
const KEPT_MS = { leftover: 5000, others: 60_000, onlyWitness: 5000 };

/** What is said of every name, in the order given. */
export function judgeNames(drafts: readonly NameDraft[], context: NameContext): JudgedName[] {
  return findAboutNames(drafts, context).judged();
}

/** All that there is to know of every name. */
export function findAboutNames(drafts: readonly NameDraft[], context: NameContext): NameDossiers {
  const states = new SoftwareStates(context);
  const found = drafts.map((draft) => lookAt(draft, context, states));
  askAbout(found, context);
  const childrenInUse = countChildrenInUse(found);
  const instances = new Instances(found, context);
  let mounted: Pick<MountedElsewhere, 'answer'> | undefined;
  const mountedElsewhere = ({ entry }: NameDraft) => {
    mounted ??= context.readMounted();
    return isProvable(entry.place) ? mounted.answer(entry) : undefined;
  };
  const orphans: number[] = [];
  const dossiers = new NameDossiers(drafts, context);
  for (const [at, one] of found.entries()) {
    const { draft, software, lease, listener, state, witnessed } = one;
    const first: NameFindings = {
      software,
      lease,
      listener,
      childrenInUse:
        childrenInUse.size === 0 ? 0 : (childrenInUse.get(placeOf(draft.entry.device, draft.entry.name)) ?? 0),
      isCut: software !== undefined && context.cutDevices.has(draft.entry.device),
      softwareState: state && { ...state, isInstanceAlive: instances.isAlive(one) },
      witnessed,
    };
    dossiers.set(at, first);
    if (one.isInUse || one.lease === 'spared') continue;
    const said = dossiers.verdict(at).state;
    if (said !== 'abandoned' && said !== 'orphaned') continue;
    // Nothing that is known so far speaks for a return.
    const answer = mountedElsewhere(draft);
    if (said === 'orphaned' && answer !== 'mounted' && answer !== 'unknown') orphans.push(at);
    dossiers.set(at, { ...first, mounted: answer });
  }
  addClues(orphans, found, dossiers, context);
  findDirectories(drafts, dossiers, { ...context, mountedElsewhere });
  return dossiers;
}

/** In place, for orphans only: what is proven needs no suggestion, and what is wanted neither. */
function addClues(
  orphans: readonly number[],
  found: readonly Found[],
  dossiers: NameDossiers,
  context: NameContext,
): void {
  const candidates = orphans.map((at) => itemAt(found, at));
  const siblings = orphans.length === 0 ? [] : found.map(({ draft: { entry }, isInUse }) => ({ entry, isInUse }));
  const clues = findClues(candidates, siblings, context);
  for (const [nth, at] of orphans.entries()) dossiers.set(at, { ...dossiers.findings(at), clues: clues[nth] });
}

function lookAt(draft: NameDraft, context: NameContext, states: SoftwareStates): Found {
  const { entry } = draft;
  const software = softwareOf(draft, context.table);
  const isInUse = draft.holds.size > 0;
  if (isInUse) return found(draft, { software, isInUse });
  const state = software && states.of(entry, software);
  const witnessed = context.witnessed?.(identifiedName(draft));
  if (entry.type === 'socket') {
    const listener = context.askListener(entry);
    return found(draft, { software, state, witnessed, listener, isInUse: listener === 'bound' });
  }
  if (!isFile({ draft })) return found(draft, { software, state, witnessed, isInUse });
  const findings = { software, softwareState: state, childrenInUse: 0, witnessed };
  const wanted = isLeaseWanted(nameCase(draft, findings, context), context, context.leases.asksForAll);
  return found(draft, { software, state, witnessed, wanted, isInUse });
}

/** All of one shape, which V8 then keeps small and reads fast. */
function found(draft: NameDraft, about: Partial<Found> & Pick<Found, 'isInUse'>): Found {
  const { software, state, listener, witnessed, wanted = 'no', isInUse } = about;
  return { draft, software, state, listener, witnessed, wanted, lease: undefined, isInUse };
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

/** Objects of one software and one user belong to one instance, as far as anybody can tell. */
const instanceOf = ({ software, draft }: Found) => (software ? `${software.row.name}\0${draft.entry.uid}` : '');

/** Which instances live, and where: what is in use in a container is of none of whom the host's names are, if he cannot reach them. */
class Instances {
  readonly #users = new Map<string, { readonly devices: Set<DeviceNumber>; readonly pids: Set<number> }>();
  readonly #context: NameContext;

  constructor(found: readonly Found[], context: NameContext) {
    this.#context = context;
    for (const one of found) {
      if (!one.isInUse || !one.software) continue;
      const users = this.#users.get(instanceOf(one)) ?? { devices: new Set(), pids: new Set() };
      users.devices.add(one.draft.entry.device);
      for (const pid of one.draft.holds.keys()) users.pids.add(pid);
      this.#users.set(instanceOf(one), users);
    }
  }

  isAlive(one: Found): boolean {
    const users = one.software && this.#users.get(instanceOf(one));
    if (!users) return false;
    const { device } = one.draft.entry;
    return users.devices.has(device) || [...users.pids].some((pid) => this.#context.reach.canReach(pid, device));
  }
}

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
