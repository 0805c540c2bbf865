// What keys, time and ticks do to a removal that was opened, until it is confirmed or dropped.

import { isTypedId } from '../../probe/model/object-id.ts';
import { isToDo, type Plan } from '../../remove/model/plan.ts';
import type { Report } from '../../remove/model/report.ts';
import { displayWidth } from '../format/width.ts';
import { absence } from './data.ts';
import type { Intent } from './intent.ts';
import { insertText, newLine } from './line-edit.ts';
import { say } from './open-removal.ts';
import { type Move, selectRow, targetOf } from './reduce-move.ts';
import { editedLine } from './reduce-prompt.ts';
import { COUNTDOWN_MS, isBox, type RemovalBox, type Typed } from './removal.ts';
import { layoutBox } from './removal-box.ts';
import { reportKind, spellReport, tellings } from './removal-message.ts';
import { rowIds, selectedObject, selectedRow } from './select.ts';
import type { State } from './state.ts';

/** An Enter that comes sooner was typed before the countdown could be seen. */
const SEEN_MS = 100;
/** A program that stood still must not find its countdown over: no step counts more than this. */
const MOST_STEP_MS = 250;
/** Text and Enter closer together than this were not typed by hand, but pasted by a terminal that does not mark pastes. */
const BY_HAND_MS = 30;

export function reduceCountdown(state: State, intent: Intent): State {
  const { removal } = state;
  if (removal?.kind !== 'countdown') return state;
  switch (intent) {
    case 'accept':
      return removal.leftMs > COUNTDOWN_MS - SEEN_MS ? state : confirm(state, [removal.plan]);
    case 'back':
      return say(closed(state), `Kept ${removal.plan.object.shortId}.`, 'good');
    default:
      return state;
  }
}

/** Time went by. */
export function countDown(state: State, nowMs: number): State {
  const { removal } = state;
  if (removal?.kind !== 'countdown') return state;
  const stepMs = Math.max(0, Math.min(MOST_STEP_MS, nowMs - (removal.atMs ?? nowMs)));
  const leftMs = removal.leftMs - stepMs;
  return leftMs > 0 ? { ...state, removal: { ...removal, leftMs, atMs: nowMs } } : confirm(state, [removal.plan]);
}

/** A tick showed the object as something else than what is counted down: it stays. */
export function checkCountdown(state: State): State {
  const { removal } = state;
  if (removal?.kind !== 'countdown') return state;
  const { id, shortId } = removal.plan.object;
  const object = state.data.byId.get(id);
  if (!object) return say(closed(state), `${shortId} is ${absence(state.data, 'gone already')}.`);
  const now = object.verdict.state;
  return now === 'abandoned' ? state : say(closed(state), `Kept ${shortId}: it is ${now} now.`);
}

/** Keys in a dialog, and in the box that tells what became of a removal. */
export function reduceConfirm(state: State, intent: Intent): State {
  const { removal } = state;
  if (!isBox(removal)) return state;
  if (isMove(intent)) return scrolled(state, removal, intent);
  if (removal.kind === 'told') return intent === 'accept' || intent === 'back' ? closed(state) : state;
  if (removal.kind === 'typed') return state;
  const { question, isRemoveMarked } = removal;
  const hasChoice = question.goes > 0 || question.forced !== undefined;
  switch (intent) {
    case 'left':
      return { ...state, removal: { ...removal, isRemoveMarked: false } };
    case 'right':
      return { ...state, removal: { ...removal, isRemoveMarked: hasChoice } };
    case 'toggle':
      return { ...state, removal: { ...removal, isRemoveMarked: hasChoice && !isRemoveMarked } };
    case 'accept':
      if (!isRemoveMarked) return dropped(state, hasChoice);
      return question.forced
        ? { ...state, removal: { kind: 'typed', question, plan: question.forced, line: newLine(), top: 0 } }
        : confirm(state, question.plans.filter(isToDo));
    case 'back':
      return dropped(state, hasChoice);
    default:
      return state;
  }
}

/** Keys while an id is typed. `atMs`: when the key came. */
export function reduceTypedKey(
  state: State,
  removal: Typed,
  { key, text, atMs }: { readonly key: string; readonly text?: string; readonly atMs?: number },
): State {
  switch (key) {
    case 'escape':
    case 'ctrl-c':
      return dropped(state, true);
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
      return scrolled(state, removal, key);
    case 'enter': {
      const isByHand = atMs === undefined || removal.typedAtMs === undefined || atMs - removal.typedAtMs >= BY_HAND_MS;
      if (!isByHand) return { ...state, removal: { ...removal, problem: 'too-fast' } };
      return isTypedId(removal.line.text.trim(), removal.plan.object)
        ? confirm(state, [removal.plan])
        : { ...state, removal: { ...removal, problem: 'other' } };
    }
  }
  const line = editedLine(removal.line, key, text);
  return line ? { ...state, removal: { ...removal, line, problem: undefined, typedAtMs: atMs } } : state;
}

/** A paste is text, and never a confirmation, not even with the Enter that follows it in the same moment. */
export function pasteId(
  state: State,
  removal: Typed,
  { text, atMs }: { readonly text: string; readonly atMs?: number },
): State {
  const line = insertText(removal.line, text.trim());
  return { ...state, removal: { ...removal, line, problem: undefined, typedAtMs: atMs } };
}

/** Esc while a removal is at work: it ends after the object that it is at. */
export function stopWorking(state: State): State {
  const { removal } = state;
  return removal?.kind === 'working' ? { ...state, removal: { ...removal, isStopping: true } } : state;
}

export function removalProgress(state: State, done: number): State {
  const { removal } = state;
  return removal?.kind === 'working' ? { ...state, removal: { ...removal, done } } : state;
}

/** What is left of the tags, the message, and a box where one line does not tell all. */
export function removalDone(state: State, report: Report): State {
  const gone = report.results.filter(({ outcome }) => outcome.kind !== 'refused').map(({ plan }) => plan.object.id);
  const tags = state.tags.size === 0 ? state.tags : without(state.tags, new Set(gone));
  const text = spellReport(report);
  const told = tellings(report);
  // A reason that is cut is none; that something went can be seen in the table too.
  const isReadable = report.refused === 0 || displayWidth(text) < state.columns;
  const isOneLine = told.length === report.refused && report.refused <= 1 && isReadable;
  const next = say(movedOn({ ...state, tags, removal: undefined }, new Set(gone)), text, reportKind(report));
  return isOneLine ? next : { ...next, removal: { kind: 'told', report, top: 0 } };
}

/** From what was removed to what is below it, else above: a key that follows at once asks first, since it may be meant for the other. */
function movedOn(state: State, gone: ReadonlySet<string>): State {
  const object = selectedObject(state);
  if (!object || !gone.has(object.id)) return state;
  const ids = rowIds(state);
  const isThere = (id: string) => !gone.has(id) && state.data.byId.has(id);
  const at = selectedRow(state);
  const below = ids.findIndex((id, index) => index > at && isThere(id));
  const to = below >= 0 ? below : ids.findLastIndex((id, index) => index < at && isThere(id));
  return to < 0 ? state : { ...selectRow(state, to), slidFrom: `${object.shortId} was removed`, detail: undefined };
}

const without = (ids: ReadonlySet<string>, gone: ReadonlySet<string>) =>
  new Set([...ids].filter((id) => !gone.has(id)));

const closed = (state: State): State => ({ ...state, removal: undefined, frozenIds: undefined });

function dropped(state: State, hadChoice: boolean): State {
  return hadChoice ? say(closed(state), 'Nothing was removed.', 'good') : closed(state);
}

/**
 * Hands the plans to whoever carries them out. An object that the newest listing still shows exactly as it was planned is
 * as if it had been planned from that listing.
 */
function confirm(state: State, plans: readonly Plan[]): State {
  const { byId, listedAtMs = 0 } = state.data;
  const asOfNow = plans.map((one) =>
    byId.get(one.object.id) === one.object && listedAtMs > one.listedAtMs ? { ...one, listedAtMs } : one,
  );
  return { ...closed(state), removal: { kind: 'working', plans: asOfNow, done: 0, isStopping: false } };
}

const MOVES: ReadonlySet<string> = new Set(['up', 'down', 'page-up', 'page-down', 'first', 'last'] satisfies Move[]);
const isMove = (intent: Intent): intent is Move => MOVES.has(intent);

function scrolled(state: State, removal: RemovalBox, move: Move): State {
  const { bodyHeight, content } = layoutBox(state, removal);
  const most = Math.max(0, content.count - bodyHeight);
  const top = move === 'last' ? most : targetOf(move, Math.min(removal.top, most), most + 1, bodyHeight);
  return { ...state, removal: { ...removal, top: Math.max(0, Math.min(most, top)) } };
}
