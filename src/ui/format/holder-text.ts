// Who holds an object, in a few words: `postgres ×6`, `python3[4711]`, `2 unseen`, `nobody`.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { type EvidenceCode, evidenceText } from '../../probe/model/judge/evidence.ts';
import type { Holder, Maker, ShmObject } from '../../probe/model/object.ts';
import { ABSENT } from './absent.ts';
import { forLocale, glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';
import { countOf } from './totals.ts';
import { displayWidth, truncateText } from './width.ts';

/** Commands of the holders, the most frequent first; what is known to hold it without being seen follows. */
export function formatHolders(object: ShmObject, style: Style): string {
  const unseen = object.hiddenMappings ?? 0;
  if (object.holders.length === 0) return formatNoHolder(object, unseen);
  const parts = commandCounts(object.holders).map(([comm, holders]) => {
    const [only] = holders;
    return holders.length === 1 && only !== undefined
      ? `${comm}[${only.pid}]`
      : `${comm} ${glyphsFor(style).times}${holders.length}`;
  });
  if (unseen > 0) parts.push(`${unseen} unseen`);
  return parts.join(', ');
}

/**
 * The same in so many columns: the pid or the count of the first command stays, and how many other commands there are; its name
 * gives way. Narrower than those the text is cut as any other.
 */
export function fitHolders(object: ShmObject, style: Style, width: number): string {
  const whole = formatHolders(object, style);
  const groups = commandCounts(object.holders);
  const [first] = groups;
  if (displayWidth(forLocale(whole, style)) <= width || first === undefined) return whole;
  const [comm, holders] = first;
  const { ellipsis, times } = glyphsFor(style);
  const one = holders.length === 1 ? `[${holders[0]?.pid}]` : ` ${times}${holders.length}`;
  const others = groups.length - 1 + ((object.hiddenMappings ?? 0) > 0 ? 1 : 0);
  const ends = others > 0 ? [`${one} +${others}`, `${one}+`] : [one];
  const end = ends.find((text) => displayWidth(text) + LEAST_COMM <= width);
  return end === undefined ? whole : truncateText(forLocale(comm, style), width - displayWidth(end), ellipsis) + end;
}

/** Of a command this much says who it may be. */
const LEAST_COMM = 3;

function formatNoHolder(object: ShmObject, unseen: number): string {
  if (unseen > 0) return `${unseen} unseen`;
  const { state } = object.verdict;
  if (state === 'in-use') return object.nattch ? `${object.nattch} unseen` : 'unseen';
  if (object.type !== undefined && object.type !== 'file' && object.type !== 'semaphore') return ABSENT;
  return isNobodySure(object) ? 'nobody' : '?';
}

/** Evidence that somebody may hold it who was not seen: that it has no holder here says nothing. */
const NOT_SEEN: ReadonlySet<EvidenceCode> = new Set(['not-inspected', 'hidden-mappings', 'listener-unknown']);

/** Is it known that nobody holds an object of which no holder was found? */
function isNobodySure({ nattch, verdict: { state, evidence } }: ShmObject): boolean {
  if (nattch === 0 || evidence.some(({ code }) => code === 'lease-free' || code === 'nobody-attached')) return true;
  return state !== 'unknown' && !evidence.some(({ code }) => NOT_SEEN.has(code));
}

/** Who holds it, as a sentence without its end: how many were found, how many are known beside them, and where nobody can tell. */
export function spellHolders(object: ShmObject): string {
  const { holders, hiddenMappings = 0, verdict } = object;
  const unseen =
    hiddenMappings > 0 ? `${countOf(hiddenMappings, 'mapping')} in processes that could not be looked into` : '';
  if (holders.length > 0) {
    const seen = countOf(holders.length, 'process', 'processes');
    return unseen === '' ? seen : `${seen}, and ${unseen}`;
  }
  if (unseen !== '') return `nobody that can be seen: ${unseen}`;
  if (verdict.state === 'in-use') return `nobody that can be seen: ${verdict.evidence.map(evidenceText).join('; ')}`;
  return isNobodySure(object)
    ? 'nobody'
    : 'nobody that can be seen: not everybody who may hold it could be looked into';
}

/** Holders grouped by their escaped command, the largest group first, then by name. */
function commandCounts(holders: readonly Holder[]): [string, Holder[]][] {
  const groups = new Map<string, Holder[]>();
  for (const holder of holders) {
    const comm = holder.comm === undefined ? 'pid' : escapeBytes(holder.comm);
    const group = groups.get(comm);
    if (group) group.push(holder);
    else groups.set(comm, [holder]);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

/** `4711 postgres`, `4711 dead`, `hidden` (not visible from this pid namespace); absent without a maker. */
export function formatMaker(maker: Maker | undefined): string | undefined {
  if (maker === undefined) return undefined;
  const who = maker.state === 'alive' && maker.comm !== undefined ? escapeBytes(maker.comm) : maker.state;
  return maker.pid === undefined ? maker.state : `${maker.pid} ${who}`;
}
