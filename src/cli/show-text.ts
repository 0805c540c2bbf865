// `shmtop show`: one object explained to a tired person. What it is and whether anybody needs it comes first.

import { type RemovalOutcome, removalEffect } from '../probe/model/judge/removal-effect.ts';
import type { KnownLife } from '../probe/model/life/life.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { paint } from '../ui/format/colour.ts';
import { bulletedEvidence } from '../ui/format/evidence-text.ts';
import { gapLines } from '../ui/format/gaps.ts';
import { forLocale, glyphsFor } from '../ui/format/glyphs.ts';
import { HOLD_COLUMNS, holdRows } from '../ui/format/holder-columns.ts';
import { spellHolders } from '../ui/format/holder-text.ts';
import { isWatchable, lifeLines } from '../ui/format/life-text.ts';
import {
  describeCost,
  describeIdentity,
  describeMakers,
  describeOwner,
  describeStatus,
  describeTimes,
} from '../ui/format/object-facts.ts';
import { safeText } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import { drawTable } from '../ui/format/table.ts';
import { formatVerdict, VERDICT_MEANINGS } from '../ui/format/verdict-text.ts';
import { spellKind } from '../ui/format/what-text.ts';
import { wrapText } from '../ui/format/wrap.ts';

const LABEL_WIDTH = 12;

/** What was asked for besides. */
interface Asked {
  /** Who knows the name. */
  readonly search?: readonly string[];
  /** Where its pages are. */
  readonly placement?: readonly string[];
}

/** All lines, without their ends. */
export function* showText(
  object: ShmObject,
  snapshot: Snapshot,
  life: KnownLife,
  style: Style,
  width?: number,
  { search = [], placement = [] }: Asked = {},
): Generator<string> {
  const most = width ?? Number.POSITIVE_INFINITY;
  yield* headline(object, style, most);
  yield '';
  const facts: [string, readonly string[]][] = [
    ['Why', [...bulletedEvidence(object.verdict, glyphsFor(style).bullet)]],
    ['If removed', describeRemoval(object, style)],
    ['Software', describeSoftware(object)],
    ['Status', describeStatus(object)],
    ['Identity', describeIdentity(object, snapshot)],
    ['Size', describeCost(object, style)],
    ['Owner', describeOwner(object)],
    ['Makers', describeMakers(object)],
    ['Life', isWatchable(object) ? lifeLines(life, snapshot.takenAtMs) : []],
    ['Times', describeTimes(object, style.nowSec)],
    ['Held by', [spellHolders(object)]],
    ['Placed', placement],
    ['Known to', search],
  ];
  for (const [label, lines] of facts) yield* labelled(label, lines, style, most);
  if (object.holders.length > 0) {
    yield '';
    const table = { columns: HOLD_COLUMNS, rows: holdRows(object.holders), style, isChosen: false, hasHeader: true };
    yield* drawTable({ ...table, width }).lines;
  }
  const gaps = gapLines(snapshot);
  if (gaps.length > 0) yield '';
  for (const gap of gaps) {
    for (const line of wrapText(forLocale(gap, style), most, 2)) yield paint(line, 'warning', style);
  }
}

function* headline(object: ShmObject, style: Style, most: number): Generator<string> {
  const { state } = object.verdict;
  const sign = formatVerdict(state, style);
  const owner = object.user ?? object.uid?.toString();
  const size = object.sizeBytes === undefined ? '' : `, ${spellBytes(object.sizeBytes, style)}`;
  const of = owner === undefined ? '' : ` of ${safeText(owner)}`;
  const what = `${object.shortId} is ${spellKind(object)}${of}${size}`;
  const text = forLocale(`${sign}: ${what}; ${spellVerdict(object)}.`, style);
  for (const [at, line] of wrapText(text, most, 2).entries()) {
    yield at === 0 && line.startsWith(sign) ? paint(sign, state, style) + line.slice(sign.length) : line;
  }
}

function* labelled(label: string, lines: readonly string[], style: Style, most: number): Generator<string> {
  for (const [at, line] of lines.entries()) {
    const indent = line.startsWith(`${glyphsFor(style).bullet} `) ? 2 : 0;
    const parts = wrapText(forLocale(line, style), most - LABEL_WIDTH, indent);
    for (const [part, text] of parts.entries()) {
      const start = at === 0 && part === 0 ? label : '';
      yield paint(start, 'header', style) + ' '.repeat(LABEL_WIDTH - start.length) + text;
    }
  }
}

const FREES: Readonly<Record<RemovalOutcome, string>> = {
  'freed-now': 'That frees',
  'freed-now-unless-held': 'That frees up to',
  'freed-later': 'In the end that frees',
  'name-only': 'Its memory stays:',
  nothing: 'Its end frees',
};

function describeRemoval(object: ShmObject, style: Style): string[] {
  const { outcome, freedBytes, text } = removalEffect(object);
  const lines = [text.join(' ')];
  if (freedBytes !== undefined && freedBytes > 0) {
    lines.push(`${FREES[outcome]} ${spellBytes(freedBytes, style)}.`);
  }
  if (object.software?.removalBreaks !== undefined && outcome !== 'nothing') {
    lines.push(`It breaks: ${object.software.removalBreaks}.`);
  }
  return lines;
}

function describeSoftware({ software }: ShmObject): string[] {
  if (software === undefined) return ['not recognised by its name, key or size'];
  const lines = [`${software.name}: ${software.role} (by its looks: a hint, no proof)`];
  lines.push(
    software.outlives ? 'It is normal that it stays after its processes.' : 'It should go with its processes.',
  );
  if (software.cleanup !== undefined) lines.push(`Clean-up: ${software.cleanup}.`);
  lines.push(`Source: ${software.source}.`);
  return lines;
}

function spellVerdict({ verdict, holders }: ShmObject): string {
  if (verdict.state !== 'in-use' || holders.length === 0) return VERDICT_MEANINGS[verdict.state];
  return holders.length === 1 ? '1 process holds it' : `${holders.length} processes hold it`;
}
