// What would come free, in the words of `shmtop summary`: by the command that takes it, which stays in our own namespaces unless told.
import { type Gain, gainOf } from '../probe/model/account/gain.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { isInBulk, isLeftElsewhere } from '../remove/model/policy.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';

const STATES = [
  { state: 'abandoned', of: 'proven', says: 'would come free for sure' },
  { state: 'orphaned', of: 'perhaps', says: 'perhaps' },
] as const satisfies readonly { state: string; of: keyof Gain; says: string }[];

/** Whole sentences, one line each. Whoever makes a namespace chooses what is left in it: that is told apart. */
export function gainLines(objects: readonly ShmObject[], style: Style): readonly string[] {
  const lines = STATES.flatMap(({ state, of, says }) => {
    const all = objects.filter(({ verdict }) => verdict.state === state);
    const ours = all.filter((object) => isInBulk(object, [state]));
    const elsewhere = all.filter((object) => isLeftElsewhere(object, [state]));
    const singly = all.length - ours.length - elsewhere.length;
    const text = (members: readonly ShmObject[], words: string, command: string) => {
      const { objects: count, costBytes } = gainOf(members)[of];
      return count === 0
        ? []
        : [`${spellBytes(costBytes, style)} ${words}: ${countOf(count, 'object')} ${state} (${command}).`];
    };
    return [
      ...text(ours, says, `shmtop rm --${state}`),
      ...text(elsewhere, `${says}, in other namespaces`, `shmtop rm --${state} --namespace all`),
      ...(singly > 0
        ? [`${countOf(singly, 'object')} ${state}, but not taken in bulk (shmtop ls verdict=${state}).`]
        : []),
    ];
  });
  return lines.length > 0 ? lines : ['Nothing here is abandoned or orphaned.'];
}
