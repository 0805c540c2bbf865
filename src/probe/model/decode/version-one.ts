// What files of version 1 say, in the words of now: there "abandoned" was also called what only lost its creator and last user.
import type { LeftOut } from '../assemble/ceiling.ts';
import type { Kind, Verdict, VerdictState } from '../object.ts';
import type { Snapshot } from '../snapshot.ts';

/** Makers that are gone prove nothing (they never did): of version 1, only the rule of its software stays a proof. */
export function stateSinceTwo(kind: Kind, state: VerdictState, codes: readonly string[]): VerdictState {
  return state === 'abandoned' && kind === 'sysv' && !codes.includes('software-leftover') ? 'orphaned' : state;
}

/** A snapshot of a recording of version 1. Of what was left out nobody knows any more by which rule: none of it is called proven. */
export function snapshotSinceTwo(snapshot: Snapshot): Snapshot {
  const { leftOut } = snapshot;
  return {
    ...snapshot,
    objects: snapshot.objects.map((object) => ({ ...object, verdict: verdictSinceTwo(object.kind, object.verdict) })),
    ...(leftOut && { leftOut: leftOutSinceTwo(leftOut) }),
  };
}

function verdictSinceTwo(kind: Kind, { state, evidence }: Verdict): Verdict {
  const codes = evidence.map(({ code }) => code);
  return { state: stateSinceTwo(kind, state, codes), evidence };
}

function leftOutSinceTwo(leftOut: LeftOut): LeftOut {
  const { byVerdict } = leftOut;
  const none = { objects: 0, costBytes: 0 };
  return { ...leftOut, byVerdict: { ...byVerdict, abandoned: none, orphaned: byVerdict.abandoned } };
}
