// Whether the software of a name runs where it can reach that name, and whether the process that it is named after does.
import type { NameDraft } from '../model/join/join.ts';
import { isGone, judgeMaker } from '../model/judge/maker.ts';
import type { SoftwareHit } from '../model/judge/software.ts';
import type { SoftwareState } from '../model/judge/verdict-case.ts';
import { type Maker, newestSec } from '../model/object.ts';
import type { ClueContext } from './name-clues.ts';
import type { RunningCommand } from './pid-book.ts';

/** As if no other object of its software were in use. */
export function softwareState(
  { entry }: NameDraft,
  { row, namePid }: SoftwareHit,
  context: ClueContext & { readonly seesAllProcesses: boolean },
): SoftwareState {
  const { pids, seesAllProcesses } = context;
  return {
    namePid: namePid === undefined ? undefined : judgeNamePid(namePid, entry, context),
    ...runningOf(entry, row.leftover, context),
    isInstanceAlive: false,
    seesAllProcesses: seesAllProcesses && pids.knowsAllCommands(),
  };
}

/** One that can reach it, was there when it was last used, and makes such objects; else one of which not all of that is so. */
function runningOf(
  entry: NameDraft['entry'],
  leftover: SoftwareHit['row']['leftover'],
  { pids, clock, reach }: ClueContext,
): Pick<SoftwareState, 'running' | 'bystander'> {
  const unloaded = leftover.when === 'no-process' ? leftover.bystander : undefined;
  let bystander: SoftwareState['bystander'];
  for (const { pid, comm } of matching(entry, leftover, pids)) {
    if (!reach.canReach(pid, entry.device)) continue;
    if (judgeMaker(pid, pids.answer(pid), newestSec(entry), clock()).state === 'reused') {
      bystander ??= { pid, comm, because: 'later' };
    } else if (unloaded && pids.hasMapped(pid, unloaded.ifMapped) && !pids.hasMapped(pid, unloaded.unlessMapped)) {
      bystander ??= { pid, comm, because: 'not-loaded' };
    } else return { running: { pid, comm } };
  }
  return { bystander };
}

function matching(
  { uid }: NameDraft['entry'],
  leftover: SoftwareHit['row']['leftover'],
  pids: ClueContext['pids'],
): Iterable<RunningCommand> {
  switch (leftover.when) {
    case 'no-process':
      return pids.running(leftover.comm, leftover.of === 'user' ? uid : undefined, leftover.library);
    case 'name-pid-dead':
      return leftover.andNoProcess ? pids.running(leftover.andNoProcess, uid) : [];
    default:
      return [];
  }
}

/**
 * A pid in a name may be one of a container's own pid namespace: whoever has it, anywhere, may be meant, if he can reach the
 * name and did not begin after it was made.
 */
function judgeNamePid(pid: number, entry: NameDraft['entry'], { pids, clock, reach }: ClueContext): Maker {
  const madeSec = entry.btimeSec ?? entry.ctimeSec;
  const judge = (one: number) => judgeMaker(one, pids.answer(one), madeSec, clock());
  const outermost = judge(pid);
  const others = pids.withNestedPid(pid).map((nested) => judge(nested.pid));
  const meant = [outermost, ...others].find(
    (maker) => !isGone(maker) && (maker.pid === undefined || reach.canReach(maker.pid, entry.device)),
  );
  return meant ?? (isGone(outermost) ? outermost : { pid, state: 'dead' });
}
