// The lines above the table: title with tabs, meters at the left, counts by verdict at the right.
import type { LeftOut } from '../../probe/model/assemble/ceiling.ts';
import { type Ceiling, type CeilingKind, ceilingsOf } from '../../probe/model/ceilings.ts';
import { KINDS, type Kind, type ShmObject, type VerdictState } from '../../probe/model/object.ts';
import { countUnlisted, type Snapshot } from '../../probe/model/snapshot.ts';
import { addLeftOut, sumTotals, type Totals } from '../../probe/model/totals.ts';
import { formatIecBytes, spellBytes } from '../format/bytes.ts';
import { shortMount } from '../format/ceiling-words.ts';
import { gapLines } from '../format/gaps.ts';
import { glyphsFor } from '../format/glyphs.ts';
import { countOf } from '../format/totals.ts';
import { formatVerdict } from '../format/verdict-text.ts';
import { displayWidth } from '../format/width.ts';
import { isAllKnown } from '../state/data.ts';
import { memoLast } from '../state/memo.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { type State, shownData, shownHistory } from '../state/state.ts';
import { NAME, titleLine } from '../state/title-line.ts';
import { drawAlarm } from './alarm-line.ts';
import { drawMeter, type Meter } from './meter.ts';
import { joinPieces, type Kit, kitOf, type Piece, spreadPieces } from './pen.ts';

/** What was left out of the list was judged too: it counts. */
const totalsOf = memoLast((objects: readonly ShmObject[], leftOut: LeftOut | undefined) =>
  addLeftOut(sumTotals(objects), leftOut),
);
const ORDER: readonly VerdictState[] = ['abandoned', 'orphaned', 'unheld', 'unknown', 'in-use'];

/** Title and meters: as many lines as the layout says. */
export function drawHeader(state: State): string[] {
  const kit = kitOf(state);
  const { meterLines } = layoutScreen(state);
  const title = drawTitle(kit, state);
  if (meterLines === 0) return [title];
  const isTwoColumns = state.columns >= 60;
  const leftWidth = isTwoColumns
    ? Math.max(42, Math.floor(state.columns * (state.columns >= 130 ? 0.55 : 0.58)))
    : Math.max(0, state.columns - 2);
  const rightWidth = state.columns - leftWidth - 4;
  const meters = metersOf(state);
  const facts = factsOf(kit, state, isTwoColumns ? rightWidth : leftWidth);
  const lines = Array.from({ length: meterLines }, (_, at) => {
    const left = meters[at] ? drawMeter(kit, meters[at], leftWidth) : ' '.repeat(leftWidth);
    // Where there is room, one blank line sets the table apart.
    if (isTwoColumns && state.rows >= 30 && at === meterLines - 1) return '';
    if (!isTwoColumns) return at === meterLines - 1 ? ` ${joinPieces(kit, facts[0] ?? [], leftWidth)} ` : ` ${left} `;
    return ` ${left}  ${joinPieces(kit, facts[at] ?? [], rightWidth)} `;
  });
  return [title, ...lines];
}

function drawTitle(kit: Kit, state: State): string {
  const { tabs, chips, facts } = titleLine(state);
  const left: Piece[] = [[NAME, 'name']];
  for (const { id, text } of tabs) left.push([text, id === state.screen ? 'tab-active' : 'tab']);
  const right: Piece[] = [];
  for (const text of facts) right.push([text, 'title-bar']);
  for (const text of chips) right.push([text, 'chip']);
  return spreadPieces(kit, left, right, state.columns, 'title-bar');
}

/** Before the first sample, and without a mount, they stand there without numbers. */
function metersOf(state: State): readonly Meter[] {
  const { head, memory } = shownData(state);
  const ceilings = head ? ceilingsOf(head.limits, memory) : [];
  const meter = (label: string, unit: Meter['unit'], ceiling: Ceiling | undefined): Meter => {
    const { used, limit } = ceiling ?? {};
    return { label, unit, used, limit, series: ceiling && shownHistory(state)[ceiling.id] };
  };
  const first = (kind: CeilingKind) => ceilings.find((ceiling) => ceiling.kind === kind);
  const [mount, ...others] = ceilings.filter((ceiling) => ceiling.kind === 'mount-bytes');
  return [
    meter('Shmem', 'bytes', first('shmem')),
    meter('Segments', 'count', first('segments')),
    meter(mount ? shortMount(mount.mount.path) : '/dev/shm', 'bytes', mount),
    ...(mount ? [meter('  inodes', 'count', first('mount-inodes'))] : []),
    ...others.map((other) => meter(shortMount(other.mount.path), 'bytes', other)),
    meter('SysV all', 'bytes', first('pages')),
  ];
}

function factsOf(kit: Kit, state: State, width: number): readonly (readonly Piece[])[] {
  const data = shownData(state);
  if (!data.head) return [[['reading…', 'faint']]];
  // While the first tick arrives its sums are of what is there.
  const isPartial = data.stage === 'partial';
  const leftOut = isPartial ? undefined : data.head.leftOut;
  const totals = totalsOf(data.objects, leftOut);
  const unlisted = countUnlisted(data.head);
  const { abandoned } = totals.byVerdict;
  const alarm = drawAlarm(kit, state, width);
  const gain: Piece[] =
    abandoned.objects === 0
      ? [isPartial ? ['not all looked at yet', 'faint'] : nothingAbandoned(kit, isAllKnown(data))]
      : [
          [`${formatVerdict('abandoned', kit.style)} ${abandoned.objects}`, 'abandoned'],
          [abandoned.costBytes > 0 ? `  ${spellBytes(abandoned.costBytes, kit.style)} to gain` : '', 'value'],
        ];
  // Under an alarm there is no line of its own for what could be gained: its count stands before the others.
  const rest = countsIn(kit, totals.byVerdict, width, alarm !== undefined);
  const { processes } = data.head.visibility;
  const seen = unseenText(data.head, width);
  const perSecond = shownHistory(state).events?.values.at(-1);
  const rate = perSecond === undefined ? '' : `  ${formatRate(perSecond)} events/s`;
  const sight: Piece = isPartial
    ? ['reading…', 'faint']
    : [
        seen ?? (width < 40 ? `all ${processes} seen` : `all ${processes} processes seen`),
        seen === undefined ? 'faint' : 'warning',
      ];
  const hasRoom = !isPartial && displayWidth(sight[0]) + rate.length <= width;
  const count = isPartial
    ? `${data.objects.length} so far`
    : unlisted > 0
      ? `${data.objects.length} shown, ${unlisted} more`
      : countOf(totals.objects, 'object');
  const all = `${count}, ${formatIecBytes(totals.costBytes)} in memory`;
  const kinds = kindsIn(
    kit,
    countKinds(data.objects, leftOut, unlisted - (leftOut?.objects ?? 0)),
    width - displayWidth(all) - 2,
  );
  return [
    alarm ?? gain,
    rest,
    [
      [all, unlisted > 0 ? 'warning' : 'plain'],
      [kinds === '' ? '' : `  ${kinds}`, 'faint'],
    ],
    hasRoom ? [sight, [rate, 'faint']] : [sight],
    [[`last sample took ${Math.round(data.sampleMs)} ms`, 'faint']],
  ];
}

/** What is not known is never shown as none. */
const nothingAbandoned = ({ style }: Kit, isKnown: boolean): Piece =>
  isKnown
    ? [`${glyphsFor(style).capability.yes} nothing abandoned`, 'good']
    : ['? nothing proven abandoned', 'warning'];

/** What could not be seen, in the room that there is; the help has all of it. Undefined: nothing. */
function unseenText(head: Pick<Snapshot, 'visibility' | 'gaps' | 'host'>, width: number): string | undefined {
  const [first, ...others] = gapLines(head);
  if (first === undefined) return undefined;
  const { processes, inspected } = head.visibility;
  const whole = others.length > 0 ? `${first} (? tells ${others.length} more)` : first;
  const missed = `${processes - inspected} of ${processes}`;
  const short =
    inspected < processes
      ? [
          `${missed} processes not inspected: ? tells more`,
          `${missed} processes not inspected`,
          `${missed} not inspected`,
        ]
      : ['not all was seen: ? tells what'];
  return [whole, ...short].find((text) => displayWidth(text) <= width) ?? short.at(-1);
}

/** As many as there is room for: a word that is cut tells nothing. */
function kindsIn(kit: Kit, counts: ReadonlyMap<Kind, number>, width: number): string {
  let shown = '';
  for (const [kind, count] of counts) {
    const longer = `${shown}${shown === '' ? '' : ` ${kit.boxes.dot} `}${kind} ${count}`;
    if (displayWidth(longer) > width) break;
    shown = longer;
  }
  return shown;
}

/** The other verdicts: with their words where these fit, else by their signs; a count is never cut. */
function countsIn(kit: Kit, byVerdict: Totals['byVerdict'], width: number, hasAbandoned: boolean): readonly Piece[] {
  const shown = ORDER.slice(hasAbandoned ? 0 : 1).filter(
    (verdict) => byVerdict[verdict].objects > 0 || verdict === 'in-use',
  );
  const sign = (verdict: VerdictState) => formatVerdict(verdict, kit.style).split(' ')[0];
  const ways = [
    { nameOf: (verdict: VerdictState) => formatVerdict(verdict, kit.style), gap: '   ' },
    { nameOf: (verdict: VerdictState) => formatVerdict(verdict, kit.style), gap: ' ' },
    { nameOf: sign, gap: '  ' },
  ].map(({ nameOf, gap }) =>
    shown.map((verdict, at): Piece => {
      const text = `${nameOf(verdict)} ${byVerdict[verdict].objects}`;
      return [at < shown.length - 1 ? text + gap : text, verdict];
    }),
  );
  const widthOf = (pieces: readonly Piece[]) => displayWidth(pieces.map(([text]) => text).join(''));
  return ways.find((pieces) => widthOf(pieces) <= width) ?? ways.at(-1) ?? [];
}

/** `0`, `0.3`, `12`: two digits are enough for a glance. */
const formatRate = (perSecond: number) =>
  perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1) : perSecond.toFixed(0);

/** `names`: those that were found and not looked at. */
const countKinds = memoLast((objects: readonly ShmObject[], leftOut: LeftOut | undefined, names: number) => {
  const counts = new Map<Kind, number>();
  if (names > 0) counts.set('posix', names);
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (!leftOut) return counts;
  for (const kind of KINDS) {
    const more = leftOut.byKind[kind].objects;
    if (more > 0) counts.set(kind, (counts.get(kind) ?? 0) + more);
  }
  return counts;
});
