// Who stands above a process and may start it again, and who is in one control group: by forks, ends and moves alone.
import { type Actor, type Ending, MOST_ANCESTORS } from '../../probe/model/life/life.ts';
import { unitOf } from '../../probe/model/life/unit.ts';
import type { Look } from './seen.ts';

/**
 * Processes that are in one control group, since each was forked by another of them and none has been moved. What is read of one
 * holds for all of them.
 */
export class Group {
  /** Absent: of none of them it is known. */
  place: Pick<Look, 'unit' | 'container'> | undefined;

  constructor(place: Pick<Look, 'unit' | 'container'> | undefined) {
    this.place = place && { unit: place.unit, container: place.container };
  }
}

/** What is asked of a process here (see person.ts). */
export interface Kinsman {
  readonly pid: number;
  readonly look: Look | undefined;
  readonly startTicks: number | undefined;
  readonly group: Group | undefined;
  readonly leadsTerminal: boolean;
  readonly ended: Ending | undefined;
  readonly isAlive: boolean;
  readonly children: ReadonlySet<Kinsman>;
  above: Kinsman | undefined;
}

/**
 * A process has ended: who stands above its living children now. Where it failed, a signal ended it, or nobody knows what, whoever waits for it
 * may begin it again, and them with it. Who exits with 0 and leaves his children behind (a daemon's double fork) has cut them off.
 */
export function handOn(person: Kinsman): void {
  person.above = livingAbove(person);
  const isDaemons = person.ended?.exitCode === 0;
  for (const child of person.children)
    if (child.isAlive && child.above === person) child.above = isDaemons ? undefined : person.above;
}

/** Of a chain of those who have ended, each after its child, the first who has not. */
function livingAbove(person: Kinsman): Kinsman | undefined {
  let { above } = person;
  while (above && !above.isAlive && !leadsTerminal(above)) above = above.above;
  return above?.isAlive ? above : undefined;
}

const leadsTerminal = ({ look, leadsTerminal: isSeen }: Kinsman) => look?.leadsTerminal ?? isSeen;

/**
 * Those above the parent of a process that live now and are of its unit: who is in another is asked about by the unit. A person's
 * shell ends the row: what is above it has not begun what he did. Undefined: they are too many.
 */
export function ancestorsOf(person: Kinsman, unit: Look['unit']): Actor['ancestors'] {
  const path = unitOf(unit)?.path;
  const ancestors: NonNullable<Actor['ancestors']>[number][] = [];
  person.above = livingAbove(person);
  for (let at = person.above; at && at.pid > 1; at = livingAbove(at)) {
    const place = at.look ?? at.group?.place;
    if (place && unitOf(place.unit)?.path !== path) break;
    if (ancestors.length >= MOST_ANCESTORS) return undefined;
    ancestors.push({ pid: at.pid, startTicks: at.look?.startTicks ?? at.startTicks, comm: at.look?.comm });
    if (leadsTerminal(at)) break;
  }
  return ancestors;
}
