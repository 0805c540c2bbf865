// Who of the relatives of an object's makers and users lives: parents, sessions, units, containers. They may know of it.
import type { Evidence } from '../judge/evidence.ts';
import { containerKey } from '../object.ts';
import type { Actor, Ancestor } from './life.ts';
import { isLiving, type Living, type PlaceNow, type Present } from './present.ts';
import { manages, type Unit, unitName, unitOf } from './unit.ts';

/** The first process's own, or none (0). */
const FIRST_SESSION = 1;

export interface Kin {
  /** They may come back for it. */
  readonly awaited: readonly Evidence[];
  /** Nobody is known to want it, but neither is it proven that nobody will. */
  readonly doubts: readonly Evidence[];
  /** Units of actors that a person may start again. */
  readonly stopped: readonly Evidence[];
  /** Units and containers of actors that are gone for good. */
  readonly gone: readonly Evidence[];
}

export function kinOf(actors: readonly Actor[], present: Present): Kin {
  const kin: KinLists = { awaited: [], doubts: [], stopped: [], gone: [] };
  const asked = new Set<string>();
  const once = (what: string, ask: () => void) => {
    if (asked.has(what)) return;
    asked.add(what);
    ask();
  };
  if (!present.seesAll) kin.doubts.push({ code: 'outside-invisible' });
  for (const actor of actors) {
    const unit = unitOf(actor.unit);
    lookAtParent(actor, unit, present, kin);
    const { session, container, ancestors = [] } = actor;
    for (const ancestor of ancestors)
      if (ancestor.pid !== actor.parent?.pid)
        once(`process ${ancestor.pid}`, () => lookAtAncestor(ancestor, actor, unit, present, kin));
    if (session === undefined) kin.doubts.push({ code: 'relatives-unknown', ...named(actor) });
    else once(`session ${session}`, () => lookAtSession(session, present, kin));
    if (unit) once(`unit ${unit.path}`, () => lookAtUnit(unit, present, kin));
    if (container)
      once(`container ${container.runtime} ${containerKey(container)}`, () =>
        addPlace(`container ${container.name ?? container.id}`, present.container(container), kin),
      );
  }
  return kin;
}

interface KinLists {
  readonly awaited: Evidence[];
  readonly doubts: Evidence[];
  readonly stopped: Evidence[];
  readonly gone: Evidence[];
}

const named = ({ pid, comm }: Pick<Living, 'pid' | 'comm'>) => ({ pid, ...(comm === undefined ? {} : { comm }) });

/**
 * Whoever waits for a process may start the next one. Not so the first process, which adopts all, nor whoever manages its unit
 * or runs its container from outside: there the unit and the container themselves are asked.
 */
function lookAtParent(actor: Actor, unit: Unit | undefined, present: Present, { awaited, doubts }: KinLists): void {
  const { parent } = actor;
  if (parent === undefined || parent.pid === 0) {
    doubts.push({ code: 'relatives-unknown', ...named(actor) });
    return;
  }
  if (parent.pid === 1) return;
  const now = present.process(parent.pid, parent.startTicks, actor.startTicks);
  if (now === 'ended') return;
  const detail = `the parent of ${actor.pid}`;
  if (now === 'unknown') awaited.push({ code: 'relative-lives', ...named(parent), detail });
  else if (now.leadsTerminal) doubts.push({ code: 'shell-lives', ...named(now) });
  else if (!manages(now.cgroups, unit) && !isShim(now, actor))
    awaited.push({ code: 'relative-lives', ...named(now), detail });
}

/** Who waits for a process may start it again, and that one what it had started. Nobody is known to do so. */
function lookAtAncestor(
  ancestor: Ancestor,
  actor: Actor,
  unit: Unit | undefined,
  present: Present,
  { doubts }: KinLists,
): void {
  const now = present.process(ancestor.pid, ancestor.startTicks, actor.startTicks);
  if (now === 'ended' || (isLiving(now) && (manages(now.cgroups, unit) || isShim(now, actor)))) return;
  if (isLiving(now) && now.leadsTerminal) doubts.push({ code: 'shell-lives', ...named(now) });
  else doubts.push({ code: 'ancestor-lives', ...named(isLiving(now) ? now : ancestor), detail: `${actor.pid}` });
}

/** It runs the container of its child from outside of it. */
function isShim({ cgroups }: Living, { container }: Actor): boolean {
  return container !== undefined && cgroups.length > 0 && !cgroups.some((path) => path.includes(container.id));
}

function lookAtSession(session: number, present: Present, { awaited, doubts }: KinLists): void {
  if (session <= FIRST_SESSION) {
    lookAtFirstSession(session, present, doubts);
    return;
  }
  const living = present.session(session);
  const [shell] = living.filter(({ leadsTerminal }) => leadsTerminal);
  const [first, ...others] = living.filter(({ leadsTerminal }) => !leadsTerminal);
  if (first) {
    const count = others.length > 0 ? { count: others.length } : {};
    awaited.push({ code: 'relative-lives', ...named(first), ...count, detail: 'of the same session' });
  }
  if (shell) doubts.push({ code: 'shell-lives', ...named(shell) });
}

/**
 * In that of the first process (0 where it began none) is whoever never began one of his own: nobody where each service is given one,
 * everybody on a machine or in a container whose first process is a script. Neither together nor strangers: it stays open.
 */
function lookAtFirstSession(session: number, present: Present, doubts: Evidence[]): void {
  const [one, ...others] = present.session(session).filter(({ pid }) => pid !== 1);
  if (!one) return;
  const count = others.length > 0 ? { count: others.length } : {};
  doubts.push({ code: 'relative-lives', ...named(one), ...count, detail: 'of the session of the first process' });
}

function lookAtUnit(unit: Unit, present: Present, kin: KinLists): void {
  const now = present.unit(unit);
  if (unit.kind === 'own') addPlace(unitName(unit), now, kin);
  else if (isLiving(now)) kin.doubts.push({ code: 'shell-lives', ...named(now) });
  else if (now === 'unknown') kin.doubts.push({ code: 'unit-rests', detail: unitName(unit) });
}

function addPlace(detail: string, now: PlaceNow, { awaited, doubts, stopped, gone }: KinLists): void {
  if (isLiving(now)) awaited.push({ code: 'unit-lives', ...named(now), detail });
  else if (now === 'gone') gone.push({ code: 'unit-gone', detail });
  else if (now === 'stopped') stopped.push({ code: 'unit-stopped', detail });
  else doubts.push({ code: 'unit-rests', detail });
}
