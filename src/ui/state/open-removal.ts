// What a key of removal opens: a countdown for what is proven abandoned, a question for anything else, or why neither.

import { namespacesOf } from '../../filter/object-filter.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { isToDo, type Plan, plan } from '../../remove/model/plan.ts';
import { isInBulk, isLeftElsewhere, type PolicyRequest } from '../../remove/model/policy.ts';
import type { Refusal } from '../../remove/model/refusal.ts';
import { foretellRefusal } from '../../remove/model/rights.ts';
import { absence, isAllKnown } from './data.ts';
import { selectObjects } from './object-rows.ts';
import { COUNTDOWN_MS, type Question, type RemovalState } from './removal.ts';
import { layoutScreen } from './screen-layout.ts';
import { screenOf } from './screens.ts';
import { rowIds, selectedObject, selectedRow, taggedObjects } from './select.ts';
import { type Message, type State, shownData } from './state.ts';

/** Below this width a countdown could not name the object and say how to stop it. */
const LEAST_COLUMNS = 30;

/** The key on one object, or on what is tagged. */
export function openRemoval(state: State): State {
  const problem = whyNotNow(state);
  if (problem !== undefined) return say(state, problem);
  if (state.tags.size > 0) {
    const tagged = taggedObjects(state);
    if (tagged.length === 0)
      return say({ ...state, tags: new Set() }, `What was tagged is ${absence(shownData(state))}.`);
    return open(state, dialog(questionOf('tagged', planNamed(state, tagged))));
  }
  const { members } = screenOf(state.screen);
  if (members) return openBulkOf(state, members(state, selectedRow(state)), { hidden: 0, unlisted: 0 }, NOTHING_OF_IT);
  const object = selectedObject(state);
  if (!object) return say(state, whyNoObject(state));
  if (!shownData(state).byId.has(object.id))
    return say(state, `${object.shortId} is ${absence(shownData(state), 'gone already')}.`);
  const plans = planNamed(state, [object]);
  const only = itemAt(plans, 0);
  if (only.consent === 'plain' && state.confirm !== 'ask' && hasRoomToCount(state)) {
    return open(state, { kind: 'countdown', plan: only, leftMs: COUNTDOWN_MS });
  }
  const [forced] = only.refusal?.code === 'in-use' ? planNamed(state, [object], true) : [];
  return open(state, dialog({ ...questionOf('one', plans), forced: forced && isToDo(forced) ? forced : undefined }));
}

/** The key for all that is abandoned: of what the table shows, so that nobody removes what he does not see. */
export function openBulkRemoval(state: State): State {
  const problem = whyNotNow(state);
  if (problem !== undefined) return say(state, problem);
  const { head, objects } = shownData(state);
  const shown = selectObjects(state);
  const hidden =
    objects.filter(isAbandoned).length - shown.filter((object) => isAbandoned(object) && isThere(state, object)).length;
  return openBulkOf(state, shown, { hidden, unlisted: head?.leftOut?.byVerdict.abandoned.objects ?? 0 });
}

/** What of the objects is proven abandoned and there, goes with others, and will not be refused by the kernel. */
export function abandonedOf(state: State, objects: readonly ShmObject[]): readonly ShmObject[] {
  const foretell = foretellerOf(state);
  const named = namespacesOf(state.filter.filter);
  return objects.filter(
    (object) => isThere(state, object) && isInBulk(object, ['abandoned'], named) && !foretell?.(object),
  );
}

const isAbandoned = ({ verdict }: ShmObject) => verdict.state === 'abandoned';
const isThere = (state: State, object: ShmObject) => shownData(state).byId.get(object.id) === object;

/** `hidden`, `unlisted`: abandoned ones beside these. */
function openBulkOf(
  state: State,
  objects: readonly ShmObject[],
  { hidden, unlisted }: Pick<Question, 'hidden' | 'unlisted'>,
  nothing?: string,
): State {
  const shown = objects.filter((object) => isAbandoned(object) && isThere(state, object));
  const named = namespacesOf(state.filter.filter);
  const foretell = foretellerOf(state);
  const own = shown.filter((object) => !foretell?.(object));
  const bulk = own.filter((object) => isInBulk(object, ['abandoned'], named));
  const elsewhere = own.filter((object) => isLeftElsewhere(object, ['abandoned'], named)).length;
  const apart = own.length - bulk.length - elsewhere;
  const foreign = shown.length - own.length;
  if (bulk.length === 0) {
    if (elsewhere > 0) {
      const where = 'all in other namespaces: filter by ns=NUMBER to reach one';
      return say(state, `${elsewhere} abandoned, ${where}.`);
    }
    if (apart > 0) return say(state, `${apart} abandoned, but not to be removed in bulk: choose each by itself.`);
    if (foreign > 0) return say(state, `${foreign} abandoned, of other users: run as their owner or as root.`);
    if (hidden > 0) return say(state, `Nothing that is shown is abandoned; the filter hides ${hidden}.`, 'good');
    if (nothing !== undefined) return say(state, nothing);
    const orphaned = objects.filter(({ verdict }) => verdict.state === 'orphaned').length;
    const also = orphaned > 0 ? ` ${orphaned} orphaned: d on one, or on several tagged with Space, asks.` : '';
    return isAllKnown(shownData(state))
      ? say(state, `Nothing is abandoned.${also}`, also === '' ? 'good' : 'warning')
      : say(state, 'Nothing is proven abandoned, but not all could be looked into: ? tells what.');
  }
  const plans = plan(bulk, { force: false, isNamed: false, listedAtMs: shownData(state).listedAtMs ?? 0 });
  return open(state, dialog({ ...questionOf('abandoned', plans), hidden, unlisted, apart, elsewhere, foreign }));
}

const NOTHING_OF_IT = 'Nothing of it is proven abandoned. Enter shows its objects.';

/** Why the kernel will not let this one go; undefined where it will, or nobody can tell. */
export const forbiddenOf = (state: State, object: ShmObject): Refusal | undefined => foretellerOf(state)?.(object);

/** What the kernel will not allow, of any object that is listed; undefined where nothing is foretold. */
function foretellerOf(state: State): PolicyRequest['foretell'] {
  const { rights } = state;
  if (!rights) return undefined;
  const { objects } = shownData(state);
  let directories: ReadonlyMap<string, ShmObject> | undefined;
  const directoryOf = ({ device, rawName }: ShmObject) => {
    directories ??= new Map(
      objects.flatMap((one) => (one.type === 'directory' ? [[`${one.device} ${one.rawName}`, one] as const] : [])),
    );
    return directories.get(`${device} ${rawName.slice(0, rawName.lastIndexOf('/'))}`);
  };
  return (object) => foretellRefusal(object, rights, directoryOf);
}

/** A countdown that can no longer be seen becomes a question. */
export function keepVisible(state: State): State {
  const { removal } = state;
  if (removal?.kind !== 'countdown' || hasRoomToCount(state)) return state;
  return { ...state, removal: dialog(questionOf('one', [removal.plan])) };
}

function hasRoomToCount(state: State): boolean {
  return layoutScreen(state).hasStatus && state.columns >= LEAST_COLUMNS;
}

function whyNotNow({ removal, data }: State): string | undefined {
  if (removal?.kind === 'working') return 'A removal is at work: wait for its end, or stop it with Esc.';
  return data.stage === 'whole' ? undefined : 'Not all is listed yet: try again in a moment.';
}

function whyNoObject(state: State): string {
  if (!screenOf(state.screen).object) return 'Objects are removed on their own screen: press 1.';
  return rowIds(state).length === 0
    ? 'Nothing is selected.'
    : 'A whole group is not removed at once: choose an object, or tag some with Space.';
}

function planNamed(state: State, objects: readonly ShmObject[], force = false): readonly Plan[] {
  const listedAtMs = shownData(state).listedAtMs ?? 0;
  return plan(objects, { force, isNamed: true, listedAtMs, foretell: foretellerOf(state) });
}

function questionOf(about: Question['about'], plans: readonly Plan[]): Question {
  const going = plans.filter(isToDo);
  const staying = plans.filter((one) => !isToDo(one));
  const none = { hidden: 0, unlisted: 0, apart: 0, elsewhere: 0, foreign: 0 };
  return { about, plans: [...going, ...staying], goes: going.length, ...none };
}

const dialog = (question: Question): RemovalState => ({ kind: 'dialog', question, isRemoveMarked: false, top: 0 });

/** The order of the rows stays as it is while something is asked; rows that are sums of objects keep the objects. */
function open(state: State, removal: RemovalState): State {
  const members = screenOf(state.screen).members ? selectObjects(state).map(({ id }) => id) : [];
  return { ...state, removal, frozenIds: [...rowIds(state), ...members], message: undefined };
}

export function say(state: State, text: string, kind: Message['kind'] = 'warning'): State {
  return { ...state, message: { text, kind } };
}
