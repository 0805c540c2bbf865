// Who holds an object, in a few words: `postgres ×6`, `python3[4711]`, `2 unseen`, `nobody`.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Holder, Maker, ShmObject } from '../../probe/model/object.ts';
import { ABSENT } from './absent.ts';
import { glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';

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

function formatNoHolder(object: ShmObject, unseen: number): string {
  if (unseen > 0) return `${unseen} unseen`;
  const { state } = object.verdict;
  if (state === 'in-use') return object.nattch ? `${object.nattch} unseen` : 'unseen';
  if (object.type !== undefined && object.type !== 'file' && object.type !== 'semaphore') return ABSENT;
  return state === 'unknown' ? '?' : 'nobody';
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
