// What follows from a life for an object that nobody holds now. Verdicts rest on what the kernel told (pid, start, end, opens);
// a wrong `proven` is the worst that can be said: every doubt ends in `ended`, everything unseen in `partial`.
import type { Evidence } from '../judge/evidence.ts';
import { clockText, endingText } from './ending-text.ts';
import { kinOf } from './kin.ts';
import {
  type Actor,
  type Identified,
  LATEST_DEEDS,
  type Life,
  MOST_SILENCE_MS,
  type Standing,
  type Watch,
} from './life.ts';
import { isLiving, type Living, type Present } from './present.ts';
import { unitName, unitOf } from './unit.ts';

export interface Weighed {
  readonly standing: Standing;
  /** In the order in which a person would want to read it; never empty. */
  readonly evidence: readonly Evidence[];
}

/** What is asked of an object: its identity, and what its own record says of its last use (see `Present`). */
export type WitnessQuestion = Identified & Pick<Present, 'usedSec' | 'lastUserPid'>;

/** For one sample. Undefined: no witness knows anything of it. */
export type Witnessing = (object: WitnessQuestion) => Weighed | undefined;

/** What the kernel does at an end takes a moment after it was told (exit_mm comes after the exit record, kernel/exit.c). */
const LATE_MS = 2000;

export function weighLife(life: Life, watch: Watch, present: Present): Weighed {
  const { nowMs } = present;
  const maker = makerOf(life);
  const told: Evidence[] = maker ? [madeBy(maker, nowMs)] : [];
  const living = livingOf(life.actors, present);
  if (living.length > 0) return { standing: 'awaited', evidence: [...told, ...living] };
  const kin = kinOf(life.actors, present);
  if (kin.awaited.length > 0) return { standing: 'awaited', evidence: [...told, ...kin.awaited, ...kin.doubts] };
  const gap = gapOf(life, watch, present);
  if (gap !== undefined || !maker) {
    return {
      standing: 'partial',
      evidence: [...told, { code: 'witness-gap', detail: gap ?? 'who made it was not seen' }],
    };
  }
  const users = life.actors.length - 1;
  if (users > 0) told.push({ code: 'users-ended', count: users });
  told.push({ code: 'watched-since', detail: clockText(life.bornMs ?? watch.sinceMs, nowMs) });
  const ends = endOfMaker(maker, kin.gone, kin.stopped.length > 0, nowMs);
  const doubts = [
    ...ends.doubts,
    ...untold(life.actors),
    ...usedAfter(life, maker),
    ...kin.doubts,
    ...lately(life, present),
  ];
  return {
    standing: doubts.length > 0 ? 'ended' : 'proven',
    evidence: [...told, ...ends.proof, ...kin.gone, ...kin.stopped, ...doubts],
  };
}

/** Its first actor, where it is known to have made it. */
const makerOf = ({ actors, bornMs, isMakerKnown }: Life): Actor | undefined =>
  bornMs !== undefined && isMakerKnown ? actors[0] : undefined;

const named = ({ pid, comm }: Pick<Living, 'pid' | 'comm'>) => ({ pid, ...(comm === undefined ? {} : { comm }) });

function madeBy(maker: Actor, nowMs: number): Evidence {
  const unit = unitOf(maker.unit);
  const { container, ended } = maker;
  const place = container ? `of container ${container.name ?? container.id}` : unit && `of ${unitName(unit)}`;
  const words = [place, ended && endingText(ended, nowMs)].filter((each) => each !== undefined);
  return { code: 'made-by-witness', ...named(maker), ...(words.length > 0 ? { detail: words.join(', ') } : {}) };
}

/** Those who made or used it and live, or may: what /proc says now counts more than what was told of an end. */
function livingOf(actors: readonly Actor[], present: Present): readonly Evidence[] {
  const living = actors.flatMap((actor): Living[] => {
    const { pid, startTicks, ended, comm } = actor;
    // Without its start the pid may be anybody's by now.
    if (startTicks === undefined && ended) return [];
    const now = present.process(pid, startTicks);
    if (isLiving(now)) return [now];
    return now === 'unknown' && !ended ? [{ pid, comm, leadsTerminal: false, cgroups: [] }] : [];
  });
  const [first, ...others] = living;
  if (!first) return [];
  return [{ code: 'user-lives', ...named(first), ...(others.length > 0 ? { count: others.length } : {}) }];
}

/** Why not everything that happened to it from its birth until now was seen; undefined: it was. */
function gapOf(life: Life, watch: Watch, present: Present): string | undefined {
  const { nowMs, usedSec, lastUserPid } = present;
  const { bornMs, unseenMs, actors, deeds } = life;
  if (bornMs === undefined || bornMs < watch.sinceMs)
    return `watched since ${clockText(watch.sinceMs, nowMs)}, made before that`;
  if (life.goneMs !== undefined) return 'it was seen to go';
  if (!watch.isRunning) return `the witness does not run any more (since ${clockText(watch.seenMs, nowMs)})`;
  if (Math.abs(nowMs - watch.seenMs) > MOST_SILENCE_MS)
    return `the witness gives no sign of life (since ${clockText(watch.seenMs, nowMs)})`;
  if (unseenMs !== undefined) return `some who used it may not have been seen (${clockText(unseenMs, nowMs)})`;
  if (life.actorsLeftOut > 0) return 'more used it than are kept';
  if (hasLostUses(life)) return 'more was done to it than is kept';
  if (deeds.some(({ what, by }) => by === undefined && USES.has(what))) return 'who used it was not told each time';
  const gap = watch.gaps.find(({ fromMs, untilMs }) => untilMs === undefined || Math.max(fromMs, untilMs) >= bornMs);
  if (gap) return `${gap.why} ${clockText(gap.fromMs, nowMs)}`;
  let lastMs = bornMs;
  for (const { atMs } of deeds) if (atMs > lastMs) lastMs = atMs;
  for (const { ended } of actors) if (ended && ended.atMs > lastMs) lastMs = ended.atMs;
  if (usedSec === undefined) return 'when it was last used is not known';
  if (usedSec * 1000 > lastMs + LATE_MS) return 'its own times tell of a use that was not seen';
  if (lastUserPid !== undefined && !actors.some(({ pid }) => pid === lastUserPid))
    return `its last user (pid ${lastUserPid}) was not seen`;
  return undefined;
}

/** After each of these somebody knows of it. */
const USES: ReadonlySet<string> = new Set(['made', 'opened', 'attached', 'renamed']);

/**
 * Deeds are left out between the first and the latest. Where the maker had ended before all that is kept of the latest, who came to
 * it after him may be among those.
 */
const hasLostUses = (life: Life): boolean => {
  const { deeds, deedsLeftOut, actors } = life;
  const [first] = actors;
  const endedMs = first?.ended?.atMs;
  const latest = deeds.slice(-LATEST_DEEDS);
  if (deedsLeftOut === 0 || !first || endedMs === undefined || usedAfter(life, first).length > 0) return false;
  return latest.every(({ atMs }) => atMs > endedMs);
};

const untold = (actors: readonly Actor[]): readonly Evidence[] => {
  const [first, ...others] = actors.filter(({ ended }) => ended === undefined);
  if (!first) return [];
  return [{ code: 'ending-unknown', ...named(first), ...(others.length > 0 ? { count: others.length } : {}) }];
};

/** Who comes when the maker has gone found it by himself: a cron job, a batch step; the next one will too. */
function usedAfter({ deeds, actors }: Life, { ended }: Actor): readonly Evidence[] {
  const later = new Set(
    deeds.flatMap(({ atMs, what, by }) => (ended && atMs > ended.atMs && by && USES.has(what) ? [by] : [])),
  );
  const [first, ...others] = [...later].flatMap((by) => actors[by] ?? []);
  if (!first) return [];
  return [{ code: 'used-after-maker', ...named(first), ...(others.length > 0 ? { count: others.length } : {}) }];
}

/** HUP, INT, PIPE, TERM: how a service is stopped, or a program by a person; systemd takes them for a clean end. */
const REQUESTS: ReadonlySet<number> = new Set([1, 2, 13, 15]);

/**
 * Only who was ended by a signal had no chance to clean up. Who exits by itself, with whatever code, has left it on purpose, as
 * far as anybody can tell. Where how it ended was not told, a unit or container that is gone for good has taken it along.
 */
function endOfMaker(
  maker: Actor,
  gone: readonly Evidence[],
  maybeAgain: boolean,
  nowMs: number,
): { readonly proof: readonly Evidence[]; readonly doubts: readonly Evidence[] } {
  const { ended } = maker;
  if (!ended) return { proof: [], doubts: [] }; // `untold` says it
  const how = { ...named(maker), detail: endingText(ended, nowMs) };
  if (ended.signal !== undefined || ended.isOom === true) {
    const isRequest = ended.isOom !== true && ended.signal !== undefined && REQUESTS.has(ended.signal);
    return isRequest && maybeAgain
      ? { proof: [], doubts: [{ code: 'left-on-purpose', ...how }] }
      : { proof: [{ code: 'killed', ...how }], doubts: [] };
  }
  if (ended.exitCode === 0) return { proof: [], doubts: [{ code: 'left-on-purpose', ...how }] };
  if (ended.exitCode !== undefined) return { proof: [], doubts: [{ code: 'maker-failed', ...how }] };
  return gone.length > 0
    ? { proof: [], doubts: [] }
    : { proof: [], doubts: [{ code: 'ending-unknown', ...named(maker) }] };
}

/** Somebody may just be starting it again. */
function lately({ actors }: Life, { nowMs, minAgeSec }: Present): readonly Evidence[] {
  const lastMs = Math.max(0, ...actors.map(({ ended }) => ended?.atMs ?? 0));
  const seconds = Math.max(0, Math.floor((nowMs - lastMs) / 1000));
  return seconds < minAgeSec ? [{ code: 'ended-lately', seconds, limitSeconds: minAgeSec }] : [];
}
