// Whether the software of a name runs where it can reach that name, and whether the process that it is named after does.
import type { ShmEntry } from '../model/join/shm-entry.ts';
import { isGone, judgeMaker } from '../model/judge/maker.ts';
import type { SoftwareHit, SoftwareRow } from '../model/judge/software.ts';
import type { SoftwareState } from '../model/judge/verdict-case.ts';
import { type Maker, newestSec } from '../model/object.ts';
import { type ClueContext, mayReach } from './name-clues.ts';
import type { RunningCommand } from './pid-book.ts';

/** Answers of one look: names of one software and one owner on one file system are asked about together. */
export class SoftwareStates {
  readonly #context: ClueContext & { readonly seesAllProcesses: boolean };
  readonly #runners = new Map<SoftwareRow, Map<string, Runners>>();

  constructor(context: ClueContext & { readonly seesAllProcesses: boolean }) {
    this.#context = context;
  }

  /** As if no other object of its software were in use. */
  of(entry: ShmEntry, { row, namePid }: SoftwareHit): SoftwareState {
    const { pids, seesAllProcesses } = this.#context;
    return {
      namePid: namePid === undefined ? undefined : judgeNamePid(namePid, entry, this.#context),
      ...this.#running(entry, row),
      isInstanceAlive: false,
      seesAllProcesses: seesAllProcesses && pids.knowsAllCommands(),
    };
  }

  /** One that can reach it, was there when it was last used, and makes such objects; else one of which not all of that is so. */
  #running(entry: ShmEntry, row: SoftwareRow): Pick<SoftwareState, 'running' | 'bystander'> {
    const { pids, clock } = this.#context;
    const used = newestSec(entry);
    let bystander: SoftwareState['bystander'];
    for (const { pid, comm, isUnloaded } of this.#runnersOf(entry, row)) {
      if (judgeMaker(pid, pids.answer(pid), used, clock()).state === 'reused') {
        bystander ??= { pid, comm, because: 'later' };
      } else if (isUnloaded) bystander ??= { pid, comm, because: 'not-loaded' };
      else return { running: { pid, comm } };
    }
    return { bystander };
  }

  #runnersOf({ uid, device }: ShmEntry, row: SoftwareRow): Runners {
    const ofRow = this.#runners.get(row) ?? new Map<string, Runners>();
    this.#runners.set(row, ofRow);
    const key = `${uid} ${device}`;
    const known = ofRow.get(key) ?? new Runners(this.#inReach(uid, device, row.leftover));
    ofRow.set(key, known);
    return known;
  }

  *#inReach(uid: number, device: number, leftover: SoftwareRow['leftover']): Generator<Runner> {
    const { pids, reach } = this.#context;
    const modules = leftover.when === 'no-process' ? leftover.bystander : undefined;
    for (const { pid, comm } of matching(uid, leftover, pids)) {
      if (!reach.canReach(pid, device)) continue;
      const isUnloaded =
        modules !== undefined && pids.hasMapped(pid, modules.ifMapped) && !pids.hasMapped(pid, modules.unlessMapped);
      yield { pid, comm, isUnloaded };
    }
  }
}

interface Runner extends RunningCommand {
  readonly isUnloaded: boolean;
}

/** Found one after the other, as far as somebody asks, and kept for the next who does. */
class Runners implements Iterable<Runner> {
  readonly #found: Runner[] = [];
  readonly #rest: Generator<Runner>;

  constructor(rest: Generator<Runner>) {
    this.#rest = rest;
  }

  *[Symbol.iterator](): Generator<Runner> {
    for (let at = 0; ; at++) {
      const known = this.#found[at];
      if (known) {
        yield known;
        continue;
      }
      const next = this.#rest.next();
      if (next.done) return;
      this.#found.push(next.value);
      yield next.value;
    }
  }
}

function matching(uid: number, leftover: SoftwareRow['leftover'], pids: ClueContext['pids']): Iterable<RunningCommand> {
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
function judgeNamePid(pid: number, entry: ShmEntry, { pids, clock, reach }: ClueContext): Maker {
  const madeSec = entry.btimeSec ?? entry.ctimeSec;
  const judge = (one: number) => judgeMaker(one, pids.answer(one), madeSec, clock());
  const outermost = judge(pid);
  const others = pids.withNestedPid(pid).map((nested) => judge(nested.pid));
  const meant = [outermost, ...others].find((maker) => !isGone(maker) && mayReach(maker, entry, reach));
  return meant ?? (isGone(outermost) ? outermost : { pid, state: 'dead' });
}
