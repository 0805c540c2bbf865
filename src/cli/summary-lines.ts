// The text of `shmtop summary`: a tree with bars, limits that are near, and what would come free.
import type { Account, AccountPart, HugeAccount } from '../probe/model/account/account.ts';
import { sumBy } from '../probe/model/account/sum-by.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { NOTE_WORDS, partLabel, REMAINDER, sumLabel } from '../ui/format/account-words.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { poolLines, spellFull } from '../ui/format/near-end.ts';
import { nearEndsWithHelp } from '../ui/format/near-end-help.ts';
import { surroundingsOf } from '../ui/format/owner-words.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';
import { wrapText } from '../ui/format/wrap.ts';
import { nearLines } from './near-lines.ts';
import { type Branch, drawBranch, spellShare } from './summary-branch.ts';
import type { Summary } from './summary-found.ts';
import { gainLines } from './summary-gain.ts';

/** Anybody may mount what he likes: the largest are shown. */
const MOST_PARTS = 24;
/** Owners shown below one part; the others are one line. */
const MOST_OWNERS = 4;

export function* summaryLines(found: Summary, style: Style, width: number | undefined): Generator<string> {
  const { snapshot, account, objects, isWhole, limits, memory } = found;
  const all = isWhole ? (account.shmemBytes ?? sumOf(account.parts)) : sumOf(found.sums);
  const branches = [
    headOf(found, all, style),
    ...(found.by === undefined && isWhole ? tree(found, style) : owners(found)),
  ];
  for (const branch of branches) yield drawBranch(branch, all, style, width);
  const wrap = (text: string, indent = 2) =>
    wrapText(forLocale(text, style), width ?? Number.POSITIVE_INFINITY, indent);
  if (isWhole) for (const pool of account.huge) yield* hugeLines(pool, found, style, width);
  yield '';
  yield* nearLines(nearEndsWithHelp({ ...snapshot, limits }, memory), poolLines(account), style, width);
  for (const line of gainLines(objects, isWhole, style)) yield* wrap(line);
  if (isWhole) yield* wrap(remainderText(account, snapshot.visibility, style));
}

function headOf({ isWhole, account }: Summary, all: number, style: Style): Branch {
  if (!isWhole) return { depth: 0, label: 'what passes the filter', bytes: all, note: '' };
  const { totalBytes, shmemHugeBytes = 0 } = account;
  const notes = [
    ...(totalBytes ? [`${spellShare(all / totalBytes)} of ${spellBytes(totalBytes, style)} of memory`] : []),
    ...(shmemHugeBytes > 0 ? [`${spellBytes(shmemHugeBytes, style)} in huge pages`] : []),
  ];
  return { depth: 0, label: 'shared memory (Shmem)', bytes: all, note: notes.join(', ') };
}

function* tree(found: Summary, style: Style): Generator<Branch> {
  const { account, snapshot } = found;
  const surroundings = surroundingsOf(found.snapshot, found.limits);
  const byId = new Map(snapshot.objects.map((object) => [object.id, object]));
  const parts = account.parts.filter(({ bytes, objectIds }) => bytes > 0 || objectIds.length > 0);
  for (const part of parts.slice(0, MOST_PARTS)) {
    yield { depth: 1, label: partLabel(part, surroundings), bytes: part.bytes, note: noteOf(part, style) };
    const objects = part.objectIds.flatMap((id) => byId.get(id) ?? []);
    const sums = sumBy({ objects }, { parts: [part], huge: [] }, 'owner');
    const shown = sums.length <= MOST_OWNERS + 1 ? sums : sums.slice(0, MOST_OWNERS);
    for (const sum of shown) {
      const label = sum.kind === 'files' ? 'files that are not listed one by one' : sumLabel(sum, surroundings);
      yield { depth: 2, label, bytes: sum.bytes, note: countNote(sum.objectIds.length) };
    }
    const rest = sums.slice(shown.length);
    if (rest.length > 0) {
      const count = rest.reduce((total, { objectIds }) => total + objectIds.length, 0);
      yield { depth: 2, label: countOf(rest.length, 'other owner'), bytes: sumOf(rest), note: countNote(count) };
    }
  }
  const small = parts.slice(MOST_PARTS);
  if (small.length > 0) {
    const objects = small.reduce((total, { objectIds }) => total + objectIds.length, 0);
    yield { depth: 1, label: countOf(small.length, 'smaller part'), bytes: sumOf(small), note: countNote(objects) };
  }
  if (account.remainderBytes !== undefined)
    yield { depth: 1, label: REMAINDER, bytes: account.remainderBytes, note: '' };
}

function owners(found: Summary): Branch[] {
  const surroundings = surroundingsOf(found.snapshot, found.limits);
  return found.sums.map((sum) => ({
    depth: 1,
    label: sumLabel(sum, surroundings),
    bytes: sum.bytes,
    note: sum.kind === 'objects' ? countNote(sum.objectIds.length) : '',
  }));
}

function* hugeLines(pool: HugeAccount, found: Summary, style: Style, width: number | undefined): Generator<string> {
  const { pageBytes, pages, free, reserved, parts, remainderBytes } = pool;
  const all = pages * pageBytes;
  const used = (pages - free) * pageBytes;
  const promised = reserved > 0 ? `, ${reserved} promised` : '';
  const note = `${pages - free} of ${countOf(pages, 'page')} in use${promised}; no part of Shmem`;
  yield '';
  yield drawBranch(
    { depth: 0, label: `huge pages of ${spellBytes(pageBytes, style)}`, bytes: used, note },
    all,
    style,
    width,
  );
  const surroundings = surroundingsOf(found.snapshot, found.limits);
  for (const part of parts) {
    const isHeld = part.kind !== 'hugetlb' || part.bytes <= part.listedBytes;
    const rest = isHeld ? '' : `${spellBytes(part.bytes - part.listedBytes, style)} in files that nobody has mapped`;
    yield drawBranch(
      { depth: 1, label: partLabel(part, surroundings), bytes: part.bytes, note: rest },
      all,
      style,
      width,
    );
  }
  if (remainderBytes !== 0)
    yield drawBranch(
      { depth: 1, label: REMAINDER, bytes: remainderBytes, note: 'private mappings' },
      all,
      style,
      width,
    );
}

function noteOf({ mount, bytes, notes, swapBytes }: AccountPart, style: Style): string {
  const { sizeBytes, pid } = mount ?? {};
  return [
    ...(sizeBytes ? [`${spellFull(bytes / sizeBytes)} of ${spellBytes(sizeBytes, style)}`] : []),
    ...(swapBytes ? [`${spellBytes(swapBytes, style)} swapped out`] : []),
    ...(pid === undefined ? [] : [`as process ${pid} sees it`]),
    ...notes.map((note) => NOTE_WORDS[note]),
  ].join(', ');
}

const countNote = (count: number) => (count > 0 ? countOf(count, 'object') : '');

const sumOf = (items: readonly { readonly bytes: number }[]): number =>
  items.reduce((sum, { bytes }) => sum + bytes, 0);

function remainderText(
  { remainderBytes, swapBytes = 0, isPartly = false }: Account,
  { processes, inspected }: Snapshot['visibility'],
  style: Style,
): string {
  if (remainderBytes === undefined)
    return 'The kernel does not tell how much shared memory there is: no remainder can be given.';
  const swap =
    swapBytes > 0
      ? ` ${spellBytes(swapBytes, style)} are swapped out on this machine: what of it is files on a tmpfs is in the lines above and not in Shmem.`
      : '';
  if (remainderBytes < 0)
    return `The parts are ${spellBytes(-remainderBytes, style)} more than Shmem.${swap || ' It changed meanwhile.'}`;
  const hidden = processes - inspected;
  const whose = hidden > 0 ? `of ${countOf(hidden, 'process', 'processes')} that could not be looked into, ` : '';
  const unasked = isPartly ? 'of mounts and devices that could not all be asked, ' : '';
  return `The remainder is memory ${whose}${unasked}of other pid namespaces and of drivers, files on their way between processes, and what changed meanwhile.${swap}`;
}
