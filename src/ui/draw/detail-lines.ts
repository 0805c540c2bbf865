// Everything about one object, in words, wrapped to the pane: the same sentences as `shmtop show`.

import type { ObjectHistory } from '../../probe/model/event/object-history.ts';
import type { KnownLife } from '../../probe/model/life/life.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Residents } from '../../probe/model/residents.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import type { Refusal } from '../../remove/model/refusal.ts';
import { spellBytes } from '../format/bytes.ts';
import { bulletedEvidence } from '../format/evidence-text.ts';
import { forLocale, glyphsFor } from '../format/glyphs.ts';
import { countHoldRows, HOLD_COLUMNS, holdRows } from '../format/holder-columns.ts';
import { spellHolders } from '../format/holder-text.ts';
import { lifeLines } from '../format/life-text.ts';
import {
  describeCost,
  describeIdentity,
  describeMakers,
  describeOwner,
  describeStatus,
  describeTimes,
} from '../format/object-facts.ts';
import { describeEffect } from '../format/removal-text.ts';
import { safeText } from '../format/safe-text.ts';
import type { Style } from '../format/style.ts';
import { drawTable } from '../format/table.ts';
import { countOf } from '../format/totals.ts';
import { formatVerdict, VERDICT_MEANINGS } from '../format/verdict-text.ts';
import { spellKind } from '../format/what-text.ts';
import { wrapAll, wrapText } from '../format/wrap.ts';
import type { Happening } from '../state/marks.ts';
import { memoLast } from '../state/memo.ts';
import { holdLines, trendLines } from './history-lines.ts';
import { cutTo, type Kit, paintWith } from './pen.ts';
import { seenLines } from './seen-lines.ts';

const LABEL_WIDTH = 12;

export interface DetailOf {
  readonly object: ShmObject;
  readonly snapshot: Snapshot;
  readonly happenings: readonly Happening[];
  readonly history?: ObjectHistory;
  readonly residents?: Residents;
  /** Absent: not told yet, or it has none that could be watched. */
  readonly known?: KnownLife;
  readonly isGone: boolean;
  /** Why the kernel would not let us remove it. */
  readonly forbidden?: Refusal;
}

/** All lines, none wider than `width`. */
export function detailLines(kit: Kit, about: DetailOf, width: number): string[] {
  const { object, snapshot, happenings, history, known, isGone, forbidden } = about;
  const { style } = kit;
  const bullet = glyphsFor(style).bullet;
  const verdict = object.verdict.state;
  const lines = [
    paintWith(kit, 'accent', cutTo(kit, object.shortId, width)),
    paintWith(kit, 'plain', cutTo(kit, `${spellKind(object)}${ownerText(object)}`, width)),
    '',
    ...wrapText(
      forLocale(isGone ? goneText(object) : `${formatVerdict(verdict, style)}: ${VERDICT_MEANINGS[verdict]}`, style),
      width,
      2,
    ).map((line) => paintWith(kit, isGone ? 'warning' : verdict, line)),
    // What spoke for or against it is of no use any more.
    ...(isGone ? [] : [...bulletedEvidence(object.verdict, bullet)]).flatMap((line) =>
      wrapAll(forLocale(`  ${line}`, style), width, 4),
    ),
    '',
  ];
  const inWords = (facts: readonly (readonly [string, readonly string[]])[]) =>
    facts.flatMap(([label, texts]) => labelled(kit, label, texts, width));
  return [
    ...lines,
    ...inWords([
      ['If removed', isGone ? [] : removalText(object, forbidden, style)],
      ['Software', softwareText(object)],
      ['Status', describeStatus(object)],
      ['Held by', [spellHolders(object)]],
    ]),
    ...holderTable(kit, about, width),
    ...inWords([
      ['Identity', describeIdentity(object, snapshot)],
      ['Size', describeCost(object, style)],
      ['Owner', describeOwner(object)],
      ['Makers', describeMakers(object)],
      ['Life', known ? lifeLines(known, snapshot.takenAtMs) : []],
      ['Times', describeTimes(object, style.nowSec)],
      ['Limits', limitText(object, snapshot)],
      ['Trend', trendLines(kit, history, snapshot.takenAtMs)],
      ['Attached', holdLines(history, snapshot.takenAtMs)],
      ['Seen', seenLines(history, happenings, known?.life, snapshot.takenAtMs)],
    ]),
  ];
}

/** Longer tables are for `shmtop show`. */
const MOST_HOLD_ROWS = 2000;

/** The same as long as holders and history are: thousands of rows are not made anew with each key. */
const holdTable = memoLast(
  (
    holders: DetailOf['object']['holders'],
    residents: Residents | undefined,
    history: ObjectHistory | undefined,
    unicode: boolean,
    width: number,
  ): { readonly lines: readonly string[]; readonly rows: number } => {
    const rows = holdRows(holders, { residents, history }, MOST_HOLD_ROWS);
    const style: Style = { bytes: 'iec', colour: false, unicode, nowSec: 0 };
    const table = { columns: HOLD_COLUMNS, rows, style, isChosen: false, hasHeader: true, width };
    return { lines: rows.length === 0 ? [] : [...drawTable(table).lines], rows: rows.length };
  },
);

function holderTable(kit: Kit, { object, residents, history }: DetailOf, width: number): string[] {
  const table = holdTable(object.holders, residents, history, kit.style.unicode, width);
  if (table.rows === 0) return [];
  const more = countHoldRows(object.holders) - table.rows;
  return [
    '',
    ...table.lines.map((line, at) => (at === 0 ? paintWith(kit, 'column-title', line) : line)),
    ...(more > 0 ? [cutTo(kit, `and ${more} more: shmtop show ${object.shortId}`, width)] : []),
    '',
  ];
}

/** A name that goes takes the memory with it only where nobody holds it. */
const goneText = ({ kind, holders }: ShmObject) =>
  kind === 'posix' && holders.length > 0
    ? 'Its name is gone. Who held it last may keep its memory: then it is among the objects as unlinked.'
    : 'It is gone.';

/** What cannot be done has no effect that could be told. */
function removalText(object: ShmObject, forbidden: Refusal | undefined, style: Style): string[] {
  return forbidden ? [`It ${forbidden.reason}: ${forbidden.advice}.`] : describeEffect(object, style);
}

function labelled(kit: Kit, label: string, texts: readonly string[], width: number): string[] {
  const room = Math.max(10, width - LABEL_WIDTH);
  return texts.flatMap((text, at) =>
    wrapAll(forLocale(text, kit.style), room).map((line, part) => {
      const start = at === 0 && part === 0 ? label : '';
      return paintWith(kit, 'label', start) + ' '.repeat(LABEL_WIDTH - start.length) + cutTo(kit, line, room);
    }),
  );
}

function ownerText({ user, uid }: ShmObject): string {
  const owner = user ?? uid?.toString();
  return owner === undefined ? '' : ` of ${safeText(owner)}`;
}

function softwareText({ software }: ShmObject): string[] {
  if (!software) return ['not recognised by its name, key or size'];
  const lines = [`${software.name}: ${software.role} (by its looks: a hint, no proof)`];
  lines.push(
    software.outlives ? 'It is normal that it stays after its processes.' : 'It should go with its processes.',
  );
  if (software.cleanup !== undefined) lines.push(`Clean-up: ${software.cleanup}.`);
  return lines;
}

function limitText(object: ShmObject, { limits }: Snapshot): string[] {
  if (object.kind === 'sysv') {
    const most = limits.shmmni === undefined ? '' : ` of ${limits.shmmni}`;
    return [
      `one of ${countOf(limits.segments, 'segment')}${most} (SHMMNI)`,
      ...(limits.shmRmidForced ? ['shm_rmid_forced is on: it goes with its last mapping'] : []),
    ];
  }
  const mount = limits.mounts.find(({ device }) => device === object.device);
  if (mount?.sizeBytes === undefined) return [];
  return [
    `${safeText(mount.path)} uses ${spellBytes(mount.usedBytes ?? 0, IEC)} of ${spellBytes(mount.sizeBytes, IEC)}`,
  ];
}

const IEC = { bytes: 'iec' } as const;
