// Of more names than can be shown: which become objects. All of them are judged, so that the others are counted by their verdict.

import { itemAt } from '../item-at.ts';
import type { NameDraft } from '../join/join.ts';
import { newestSec, type ShmObject } from '../object.ts';
import { assembleName, type JudgedName } from './assemble-name.ts';
import type { Assembly } from './assembly.ts';
import { chooseFrom, type Kept, LeftOutTally } from './ceiling.ts';

/** Objects of at most `most` names, in the order given, and what was left out; `judged` are all of them. */
export function assembleNames(
  drafts: readonly NameDraft[],
  judged: readonly JudgedName[],
  with_: Assembly,
  most: number,
  shown: ReadonlySet<string>,
): Kept {
  const objectOf = (at: number): ShmObject => assembleName(itemAt(drafts, at), itemAt(judged, at), with_);
  if (drafts.length <= most) return { objects: drafts.map((_, at) => objectOf(at)) };
  const stateOf = (at: number) => itemAt(judged, at).verdict.state;
  const isKept = chooseFrom(
    {
      length: drafts.length,
      kindOf: () => 'posix',
      uidOf: (at) => itemAt(drafts, at).entry.uid,
      stateOf,
      costOf: (at) => itemAt(drafts, at).entry.allocatedBytes,
      newestOf: (at) => newestSec(itemAt(drafts, at).entry),
      isShown: (at) => shown.has(itemAt(drafts, at).id),
    },
    most,
  );
  const tally = new LeftOutTally();
  const objects: ShmObject[] = [];
  for (let at = 0; at < drafts.length; at++) {
    const { allocatedBytes, sizeBytes } = itemAt(drafts, at).entry;
    if (isKept[at] === 1) objects.push(objectOf(at));
    else tally.add('posix', stateOf(at), allocatedBytes, sizeBytes);
  }
  return { objects, leftOut: tally.sum };
}
