// What removal would give back of what is tagged, or of the selected row where it is a sum of objects.
import type { Ceiling } from '../../probe/model/ceilings.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { plan } from '../../remove/model/plan.ts';
import { type Relief, reliefOf } from '../../remove/model/relief.ts';
import { knownCeilings } from './all-limits.ts';
import type { Data } from './data.ts';
import { memoLast } from './memo.ts';
import { abandonedOf } from './open-removal.ts';
import { screenOf } from './screens.ts';
import { selectedRow } from './select.ts';
import { type State, shownData } from './state.ts';

/** Undefined: nothing is tagged. */
export function taggedRelief(state: State): Relief | undefined {
  return state.tags.size === 0 ? undefined : taggedMemo(state.tags, shownData(state), knownCeilings(state));
}

/** What is proven abandoned of the selected row; undefined: the row is no sum of objects, or something is tagged. */
export function rowRelief(state: State): Relief | undefined {
  const { members } = screenOf(state.screen);
  if (!members || state.tags.size > 0) return undefined;
  return relief(shownData(state), knownCeilings(state), abandonedOf(state, members(state, selectedRow(state))), false);
}

const taggedMemo = memoLast((tags: State['tags'], data: Data, ceilings: readonly Ceiling[]) =>
  relief(
    data,
    ceilings,
    [...tags].flatMap((id) => data.byId.get(id) ?? []),
    true,
  ),
);

function relief(
  { listedAtMs = 0 }: Data,
  ceilings: readonly Ceiling[],
  objects: readonly ShmObject[],
  isNamed: boolean,
): Relief {
  const plans = plan(objects, { force: false, isNamed, listedAtMs });
  return reliefOf(plans, ceilings);
}
