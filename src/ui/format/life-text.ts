// The life of an object in words: made by whom, used by whom, how they ended, removed by whom, and what was not seen of it.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { Actor, KnownLife, Life, Watch, WatchGap } from '../../probe/model/life/life.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { actorOf, shortTime, spellActor, spellEnding, spellOrigin } from './actor-text.ts';
import { formatIecBytes } from './bytes.ts';
import { safeText } from './safe-text.ts';
import { countOf } from './totals.ts';

const MOST_GAPS = 3;
const NOTHING_WATCHED = 'Nothing was watched: shmtop witness tells who made, used and removed it from then on.';

/** Of what has neither a name nor a number only its holders know. */
export const isWatchable = ({ kind }: Pick<ShmObject, 'kind'>): boolean =>
  kind === 'sysv' || kind === 'posix' || kind === 'unlinked';

/** Lines for `show` and details: the life in one sentence, then what may be missing in it. Never empty; safe to print. */
export function lifeLines({ life, watch, problem }: Omit<KnownLife, 'id'>, nowMs: number): string[] {
  if (problem !== undefined) return [`What was watched cannot be read: ${safeText(problem)}.`];
  if (!watch) return [NOTHING_WATCHED];
  const lines = life
    ? [lifeSentence(life, watch, nowMs)]
    : [`Watched since ${shortTime(watch.sinceMs, nowMs)}; of this object nothing was seen.`];
  const doubt = life && unseenText(life, nowMs);
  if (doubt !== undefined) lines.push(doubt);
  return [...lines, ...gapTexts(gapsWithin(watch.gaps, life), nowMs), ...stoppedText(watch, nowMs)];
}

/** `made by python3[1234] of train.service, killed (SIGKILL) 12:03; opened by 3, all ended; removed by …`, with its stop. */
export function lifeSentence(life: Life, watch: Watch | undefined, nowMs: number): string {
  const parts = [birthText(life, watch, nowMs), usersText(life, nowMs), ...changeTexts(life), endText(life, nowMs)];
  const text = parts.filter((part) => part !== undefined).join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function birthText(life: Life, watch: Watch | undefined, nowMs: number): string {
  if (life.bornMs === undefined) {
    return watch ? `watched since ${shortTime(watch.sinceMs, nowMs)}; made before that` : 'made before it was watched';
  }
  const maker = makerOf(life);
  if (!maker) return `made ${shortTime(life.bornMs, nowMs)}, by whom was not told`;
  return `made ${shortTime(life.bornMs, nowMs)} by ${whoAndEnd(maker, nowMs)}`;
}

/** Its place among the actors is 0. */
function makerOf({ actors, bornMs, isMakerKnown }: Life): Actor | undefined {
  return bornMs !== undefined && isMakerKnown ? actors[0] : undefined;
}

/** `python3[1234] of train.service, killed (SIGKILL) 12:03`; without an end where none was told. */
function whoAndEnd(actor: Actor, nowMs: number): string {
  const origin = spellOrigin(actor);
  const end = actor.ended ? `, ${spellEnding(actor.ended)} ${shortTime(actor.ended.atMs, nowMs)}` : '';
  return `${spellActor(actor)}${origin === undefined ? '' : ` of ${origin}`}${end}`;
}

/** Whoever came after its maker; who only removed it is no user. */
function usersText(life: Life, nowMs: number): string | undefined {
  const maker = makerOf(life);
  const isRemover = (at: number) => {
    const own = life.deeds.filter(({ by }) => by === at);
    return own.length > 0 && own.every(({ what }) => what === 'removed');
  };
  const users = life.actors.filter((actor, at) => actor !== maker && !isRemover(at));
  const count = users.length + life.actorsLeftOut;
  const verb = life.kind === 'sysv' ? 'attached' : 'opened';
  if (count === 0) return maker ? `${verb} by nobody else` : undefined;
  if (count === 1 && users.length === 1) return `${verb} by ${whoAndEnd(itemAt(users, 0), nowMs)}`;
  const lasting = users.filter(({ ended }) => ended === undefined).length;
  const unknown = life.actorsLeftOut > 0 ? `, of ${life.actorsLeftOut} of them nothing was kept` : '';
  const ends = lasting > 0 ? `${lasting} not seen to end` : unknown === '' ? 'all ended' : `${users.length} ended`;
  return `${verb} by ${count}, ${ends}${unknown}`;
}

function changeTexts({ deeds }: Life): string[] {
  const resized = deeds.filter(({ what }) => what === 'resized');
  const size = resized.at(-1)?.sizeBytes;
  const renamed = deeds.findLast(({ what }) => what === 'renamed')?.rawName;
  return [
    ...(resized.length > 0
      ? [`resized ${countOf(resized.length, 'time')}${size === undefined ? '' : `, last to ${formatIecBytes(size)}`}`]
      : []),
    ...(renamed === undefined ? [] : [`renamed to ${escapeBytes(renamed)}`]),
  ];
}

function endText({ goneMs, deeds, actors }: Life, nowMs: number): string | undefined {
  const removal = deeds.findLast(({ what }) => what === 'removed');
  const atMs = removal?.atMs ?? goneMs;
  if (atMs === undefined) return undefined;
  const who = removal && actorOf({ actors }, removal);
  if (!who) return `gone since ${shortTime(atMs, nowMs)}, removed by whom was not told`;
  const origin = spellOrigin(who);
  return `removed by ${spellActor(who)}${origin === undefined ? '' : ` of ${origin}`} ${shortTime(atMs, nowMs)}`;
}

function unseenText({ unseenMs, deedsLeftOut }: Life, nowMs: number): string | undefined {
  if (unseenMs !== undefined) return `Others may have used it unseen, ${shortTime(unseenMs, nowMs)} at the latest.`;
  return deedsLeftOut > 0
    ? `${countOf(deedsLeftOut, 'deed')} between its first and its latest were not kept.`
    : undefined;
}

/** Those that fall into a life; all of them where it is not known. */
function gapsWithin(gaps: readonly WatchGap[], life: Life | undefined): readonly WatchGap[] {
  const { bornMs = Number.NEGATIVE_INFINITY, goneMs = Number.POSITIVE_INFINITY } = life ?? {};
  return gaps.filter(({ fromMs, untilMs = Number.POSITIVE_INFINITY }) => untilMs >= bornMs && fromMs <= goneMs);
}

/** The latest ones, a line each. */
export function gapTexts(gaps: readonly WatchGap[], nowMs: number): string[] {
  const shown = gaps.slice(-MOST_GAPS).map(({ fromMs, untilMs, why }) => {
    const until = untilMs === undefined ? '' : ` to ${shortTime(untilMs, nowMs)}`;
    return `Not watched ${untilMs === undefined ? 'since ' : ''}${shortTime(fromMs, nowMs)}${until}: ${safeText(why)}.`;
  });
  const more = gaps.length - shown.length;
  return more > 0 ? [...shown, `Nor in ${countOf(more, 'earlier gap')}.`] : shown;
}

/** What came after its end was not seen by a witness that no longer runs. */
export function stoppedText({ isRunning, seenMs, gaps }: Watch, nowMs: number): string[] {
  if (isRunning || gaps.some(({ untilMs }) => untilMs === undefined)) return [];
  return [`No witness runs now: what happened since ${shortTime(seenMs, nowMs)} was not seen.`];
}
