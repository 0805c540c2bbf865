// The plan: for each object what removal would do and whether it may be done. PURE: nothing is touched.

import { type RemovalEffect, removalEffect } from '../../probe/model/judge/removal-effect.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { type Consent, judgeRemoval, type PolicyRequest } from './policy.ts';
import type { Refusal } from './refusal.ts';

export interface PlanRequest extends PolicyRequest {
  /** When the objects were listed (`Snapshot.takenAtMs`), milliseconds since the epoch. */
  readonly listedAtMs: number;
}

/** One object and what is to become of it. Plain data; whoever executes it looks again at everything in it. */
export interface Plan {
  readonly object: ShmObject;
  readonly effect: RemovalEffect;
  /** Absent where it is refused, or where there is nothing to do. */
  readonly consent?: Consent;
  readonly refusal?: Refusal;
  /** Somebody may hold it, and it goes all the same: liveness is not checked again, identity is. */
  readonly isForced: boolean;
  /** It was named with --force: the never-touch list does not keep it. */
  readonly mayTouchNever: boolean;
  readonly listedAtMs: number;
}

/** One plan for each object, in the order given; names before the directories that they are in. */
export function plan(objects: readonly ShmObject[], request: PlanRequest): Plan[] {
  const isDirectory = ({ type }: ShmObject) => type === 'directory';
  const depthFirst = objects.filter(isDirectory).sort((a, b) => b.rawName.length - a.rawName.length);
  return [...objects.filter((object) => !isDirectory(object)), ...depthFirst].map((object) => planOne(object, request));
}

function planOne(object: ShmObject, request: PlanRequest): Plan {
  const effect = removalEffect(object);
  const verdict = judgeRemoval(object, request);
  const mayTouchNever = request.force && request.isNamed;
  const base = { object, effect, isForced: false, mayTouchNever, listedAtMs: request.listedAtMs };
  if (typeof verdict !== 'string') return { ...base, refusal: verdict };
  if (effect.outcome === 'nothing') return base;
  const { state } = object.verdict;
  const isInDoubt = state === 'in-use' || state === 'unknown';
  return { ...base, consent: verdict, isForced: request.force && isInDoubt };
}

/** True where executing the plan would touch something. */
export function isToDo(plan: Plan): boolean {
  return plan.consent !== undefined;
}
