// What of the objects would come free, in words: what is proven first, by the command that takes it, which stays in our own namespaces
// unless told; and what could not be judged is never called nothing.
import type { ShmObject } from '../probe/model/object.ts';
import { sumTotals, type Totals } from '../probe/model/totals.ts';
import { isInBulk, isLeftElsewhere } from '../remove/model/policy.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';

type Some = Pick<Totals, 'objects' | 'costBytes'>;

const BULK = [
  { state: 'abandoned', says: 'Would come free for sure', asks: '' },
  { state: 'orphaned', says: 'Perhaps', asks: ' asks first' },
] as const;

/** One line each. `isWhole`: they are all objects, not those that pass a filter. */
export function gainLines(objects: readonly ShmObject[], isWhole: boolean, style: Style): readonly string[] {
  const some = ({ objects: count, costBytes }: Some, what: string) =>
    `${countOf(count, 'object')} ${what}${costBytes > 0 ? `, ${spellBytes(costBytes, style)}` : ', no memory'}`;
  const line = (sum: Some, says: string, what: string, how: string) =>
    sum.objects > 0 ? [`${says}: ${some(sum, what)} (shmtop ${how}).`] : [];
  const { unheld, unknown } = sumTotals(objects).byVerdict;
  const lines = [
    ...BULK.flatMap(({ state, says, asks }) => {
      const all = objects.filter(({ verdict }) => verdict.state === state);
      const ours = sumTotals(all.filter((object) => isInBulk(object, [state])));
      // Whoever makes a namespace chooses what is left in it: that is told apart.
      const elsewhere = sumTotals(all.filter((object) => isLeftElsewhere(object, [state])));
      const singly = all.length - ours.objects - elsewhere.objects;
      return [
        ...line(ours, says, state, `rm --${state}${asks}`),
        ...line(elsewhere, `${says}, in other namespaces`, state, `rm --${state} --namespace all${asks}`),
        ...(singly > 0
          ? [`${countOf(singly, 'object')} ${state}, but not taken in bulk (shmtop ls verdict=${state}).`]
          : []),
      ];
    }),
    ...line(unheld, 'Held by nobody now, but may be wanted again', 'unheld', 'ls verdict=unheld says why'),
    ...line(unknown, 'Not known, since not enough could be seen', 'unknown', 'doctor tells what helps'),
  ];
  if (lines.length > 0) return lines;
  return [
    objects.length === 0
      ? `There is no object${isWhole ? '' : ' that passes the filter'}.`
      : `Somebody holds each object${isWhole ? '' : ' that passes the filter'}: nothing would come free.`,
  ];
}
