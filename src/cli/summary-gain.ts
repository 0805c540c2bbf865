// What of the objects would come free, in words: what is proven first, and what could not be judged is never called nothing.
import { type Gain, gainOf } from '../probe/model/account/gain.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';

type Some = Gain[keyof Gain];

/** One line each. `isWhole`: they are all objects, not those that pass a filter. */
export function gainLines(objects: readonly ShmObject[], isWhole: boolean, style: Style): readonly string[] {
  const { proven, perhaps, wanted, unjudged } = gainOf(objects);
  const some = ({ objects: count, costBytes }: Some, what: string) =>
    `${countOf(count, 'object')} ${what}${costBytes > 0 ? `, ${spellBytes(costBytes, style)}` : ', no memory'}`;
  const lines = [
    ...(proven.objects > 0 ? [`Would come free for sure: ${some(proven, 'abandoned')} (shmtop rm --abandoned).`] : []),
    ...(perhaps.objects > 0 ? [`Perhaps: ${some(perhaps, 'orphaned')} (shmtop rm --orphaned asks first).`] : []),
    ...(wanted.objects > 0
      ? [`Held by nobody now, but may be wanted again: ${some(wanted, 'unheld')} (shmtop ls verdict=unheld says why).`]
      : []),
    ...(unjudged.objects > 0
      ? [`Not known, since not enough could be seen: ${some(unjudged, 'unknown')} (shmtop doctor tells what helps).`]
      : []),
  ];
  if (lines.length > 0) return lines;
  return [
    objects.length === 0
      ? `There is no object${isWhole ? '' : ' that passes the filter'}.`
      : `Somebody holds each object${isWhole ? '' : ' that passes the filter'}: nothing would come free.`,
  ];
}
