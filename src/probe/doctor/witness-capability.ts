// Whether a witness records, since when, with which sources, and what it missed: a line of `shmtop doctor`.
import { escapeBytes, utf8Bytes } from '../model/bytes.ts';
import type { Capability } from '../model/capability.ts';
import { clockText } from '../model/life/ending-text.ts';
import { type KnownLives, MOST_SILENCE_MS, type Watch } from '../model/life/life.ts';

const NAME = 'witness';
const LOST = 'who made a name and how he ended: what is left in /dev/shm is at most orphaned';
const START = 'systemctl enable --now shmtop-witness, or: shmtop witness';
const MOST_GAPS_SHOWN = 3;

/** `known`: in words why a store that is there tells nothing. */
export function witnessCapability(known: KnownLives | string, nowMs: number): Capability {
  if (typeof known === 'string') {
    return { name: NAME, state: 'no', found: safe(known), lost: LOST, advice: START };
  }
  const { watch, lives } = known;
  if (!watch)
    return { name: NAME, state: 'no', found: 'none runs, and none ran since boot', lost: LOST, advice: START };
  const seen = `${lives.length} objects seen since ${clockText(watch.sinceMs, nowMs)}`;
  if (!watch.isRunning) {
    const found = `none runs since ${clockText(watch.seenMs, nowMs)}; ${seen}`;
    return { name: NAME, state: 'no', found, lost: LOST, advice: START };
  }
  const { role = 'witness', pid } = watch;
  const who = role === 'witness' ? 'process' : `beside the ${role} of process`;
  const found = `${who} ${pid ?? '?'}, ${seen}; ${sourcesOf(watch)}`;
  const missed = missedBy(watch, nowMs);
  const blind = watch.sources.filter(({ isActive }) => !isActive);
  const lost = [
    ...(missed.length > 0 ? [`proof for objects made before or in: ${missed.join('; ')}`] : []),
    ...blind.map(({ name, text }) => `${safe(name)} (${safe(text)})`),
  ];
  return lost.length === 0
    ? { name: NAME, state: 'yes', found }
    : { name: NAME, state: 'partly', found, lost: lost.join('; ') };
}

const safe = (text: string) => escapeBytes(utf8Bytes(text));

function sourcesOf({ sources }: Watch): string {
  const of = (isActive: boolean) =>
    sources.filter((source) => source.isActive === isActive).map(({ name }) => safe(name));
  const [active, missing] = [of(true), of(false)];
  return `by ${active.join(', ') || 'nothing'}${missing.length > 0 ? `, without ${missing.join(', ')}` : ''}`;
}

function missedBy({ gaps, leftOut, seenMs }: Watch, nowMs: number): string[] {
  const missed = gaps.slice(-MOST_GAPS_SHOWN).map(({ fromMs, untilMs, why }) => {
    const until = untilMs === undefined ? 'now' : clockText(untilMs, nowMs);
    return `${safe(why)} ${clockText(fromMs, nowMs)} to ${until}`;
  });
  if (gaps.length > MOST_GAPS_SHOWN) missed.unshift(`${gaps.length - MOST_GAPS_SHOWN} earlier gaps`);
  if (leftOut !== undefined && leftOut > 0) missed.push(`${leftOut} objects for which there was no room`);
  if (Math.abs(nowMs - seenMs) > MOST_SILENCE_MS)
    missed.push(`it gives no sign of life since ${clockText(seenMs, nowMs)}`);
  return missed;
}
