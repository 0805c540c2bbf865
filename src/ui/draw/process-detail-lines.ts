// Everything about one process: who it is, what it holds, and what it pays for it.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Hold, ProcessRow } from '../../probe/model/process-row.ts';
import type { ProcessShare } from '../../probe/model/process-share.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { describeContainer } from '../format/container-text.ts';
import { forLocale } from '../format/glyphs.ts';
import { spellAccess, spellFds } from '../format/holder-columns.ts';
import { safeText } from '../format/safe-text.ts';
import { countOf } from '../format/totals.ts';
import { formatVerdict } from '../format/verdict-text.ts';
import { wrapAll } from '../format/wrap.ts';
import { selectedProcess } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { cutTo, fitTo, type Kit, paintWith } from './pen.ts';

/** Drawn with each frame. */
const MOST_HOLDS = 200;

/** All lines about the selected process, none wider than `width`. */
export function drawProcessDetail(kit: Kit, state: State, width: number): readonly string[] {
  const row = selectedProcess(state);
  return row ? processDetailLines(kit, row, state.share, width) : [paintWith(kit, 'faint', 'Nothing is selected.')];
}

function processDetailLines(kit: Kit, row: ProcessRow, share: ProcessShare | undefined, width: number): string[] {
  const { process, holds } = row;
  const user = process.user ?? process.uid?.toString();
  const comm = process.comm === undefined ? '?' : escapeBytes(process.comm);
  const facts: string[] = [
    `holds ${countOf(holds.length, 'object')}: ${formatIecBytes(row.costBytes)} in memory, ${formatIecBytes(row.sizeBytes)} in length`,
    ...(share?.pid === process.pid ? shareText(share) : []),
    ...(process.container ? [describeContainer(process.container)] : []),
    ...(process.unit === undefined ? [] : [`unit ${safeText(process.unit)}`]),
    ...(process.job === undefined ? [] : [`job ${safeText(process.job)}`]),
    ...(process.ipcNamespace === undefined ? [] : [`IPC namespace ${process.ipcNamespace}`]),
  ];
  return [
    paintWith(
      kit,
      'accent',
      cutTo(kit, `${comm}[${process.pid}]${user === undefined ? '' : ` of ${safeText(user)}`}`, width),
    ),
    ...facts.flatMap((fact) => wrapAll(forLocale(fact, kit.style), width, 2)),
    '',
    paintWith(kit, 'column-title', fitTo(kit, `${'SIZE'.padStart(6)}  ${'MEM'.padStart(6)}  OBJECT`, width)),
    ...holds.slice(0, MOST_HOLDS).flatMap((hold) => holdLines(kit, hold, width)),
    ...(holds.length > MOST_HOLDS
      ? [cutTo(kit, `and ${holds.length - MOST_HOLDS} more: shmtop ps ${process.pid}`, width)]
      : []),
  ];
}

function shareText({ refused, rssBytes, pssBytes, pssShmemBytes }: ProcessShare): string[] {
  if (refused !== undefined) return [`its share could not be read: ${refused}`];
  const parts = [
    rssBytes === undefined ? '' : `${formatIecBytes(rssBytes)} resident`,
    pssBytes === undefined ? '' : `${formatIecBytes(pssBytes)} its proportional share (PSS)`,
    pssShmemBytes === undefined ? '' : `${formatIecBytes(pssShmemBytes)} of that shared memory`,
  ].filter((part) => part !== '');
  return parts.length > 0 ? [`${parts.join(', ')}`] : [];
}

function holdLines(kit: Kit, { object, holder }: Hold, width: number): string[] {
  const size = object.sizeBytes === undefined ? '-' : formatIecBytes(object.sizeBytes);
  const cost = object.allocatedBytes ?? object.rssBytes;
  const line = `${size.padStart(6)}  ${(cost === undefined ? '-' : formatIecBytes(cost)).padStart(6)}  ${formatVerdict(object.verdict.state, kit.style).slice(0, 1)} ${object.shortId}`;
  const ranges = holder.mappings
    .slice(0, 3)
    .map(({ start, end, perms }) => `0x${start.toString(16)}-0x${end.toString(16)} ${spellAccess(perms)}`);
  const more = holder.mappings.length > 3 ? [`and ${holder.mappings.length - 3} more mappings`] : [];
  const fds = spellFds(holder.fds);
  return [
    cutTo(kit, line, width),
    ...[...ranges, ...more, ...(fds === undefined ? [] : [fds])].map((text) =>
      paintWith(kit, 'faint', cutTo(kit, `${' '.repeat(18)}${text}`, width)),
    ),
  ];
}
