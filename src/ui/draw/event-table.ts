// The Events screen: which sources tell, the titles, and the events in the window.

import { ABSENT } from '../format/absent.ts';
import type { Column } from '../format/column.ts';
import { EVENT_COLUMNS, SHORT_TIME_WIDTH } from '../format/event-columns.ts';
import { columnGap, layoutColumns } from '../format/layout.ts';
import { countOf } from '../format/totals.ts';
import type { EventEntry } from '../state/event-log.ts';
import { isFollowingEvents, selectEventRows } from '../state/event-rows.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { screenOf } from '../state/screens.ts';
import { modeOf, selectedRow } from '../state/select.ts';
import { type State, shownEvents } from '../state/state.ts';
import { GUTTER } from '../state/table-layout.ts';
import type { UiToken } from '../theme.ts';
import { sparkline } from './boxes.ts';
import { cutTo, fitTo, joinPieces, type Kit, kitOf, type Piece, paintWith, spreadPieces } from './pen.ts';

/** Below this many columns the ID needs the room of the thousandths more than they do. */
const NARROW = 64;
/** What takes the room that is left. */
const ROOMY: Readonly<Record<string, number>> = { id: 40, name: 20, detail: 400, command: 20 };

interface Placed {
  readonly column: Column<EventEntry>;
  readonly x: number;
  readonly width: number;
}

export function drawEvents(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen(state).body;
  const rows = selectEventRows(state);
  const placed = placeColumns(width);
  const lines = [drawSources(kit, state, rows.length, width), drawTitles(kit, placed, width)];
  const { top } = state.lists.events;
  const at = selectedRow(state);
  const last = Math.min(rows.length, top + height - screenOf('events').titleLines);
  for (let index = top; index < last; index++)
    lines.push(drawRow(kit, state, rows[index], placed, width, index === at));
  return rows.length === 0 ? [...lines, '', paintWith(kit, 'faint', cutTo(kit, ` ${emptyText(state)}`, width))] : lines;
}

function emptyText(state: State): string {
  if (state.live?.problem !== undefined) return `No events: ${state.live.problem}.`;
  if (!state.live) return 'Starting to watch…';
  if (state.filter.text !== '' && shownEvents(state).count > 0) return 'Nothing passes the filter. Esc clears it.';
  return 'Nothing has happened yet. Attaches, detaches, creations and removals appear here as they happen.';
}

/** Which sources run, so that nobody takes silence for proof, and what the list is doing. */
function drawSources(kit: Kit, state: State, shown: number, width: number): string {
  const { sources = [] } = state.live ?? {};
  const active = sources.filter(({ isActive }) => isActive);
  const left: Piece[] = [];
  if (active.length > 0) {
    left.push([` ${active.map(({ name }) => name).join(' ')}`, 'good']);
    // In full in the help: a few letters of it say nothing.
    const misses = active.flatMap(({ name, misses }) => (misses === undefined ? [] : [`${name}: ${misses}`]));
    if (width >= 120 && misses.length > 0) left.push([`  not seen: ${misses.join('; ')}`, 'faint']);
  }
  const perSecond = state.history.events?.values ?? [];
  if (width >= 120 && perSecond.length > 1)
    left.unshift([` ${sparkline(perSecond, 20, kit.boxes.sparks)}`, 'spark'], [' events/s ', 'faint']);
  const order = state.settings.isNewestFirst ? 'newest first' : 'newest last';
  const right: Piece[] = [
    [` ${isFollowingEvents(state) && !state.paused ? 'following, ' : ''}${order} `, 'faint'],
    [`${kit.boxes.dot} ${countOf(shown, 'event')} `, 'faint'],
  ];
  return spreadPieces(kit, left, width >= 60 ? right : [], width);
}

function placeColumns(width: number): readonly Placed[] {
  const places = layoutColumns(
    EVENT_COLUMNS.map(({ id, align, minWidth, wantedWidth, priority = 0 }) => ({
      min: align === 'right' ? wantedWidth : minWidth,
      wanted: id === 'time' && width < NARROW ? SHORT_TIME_WIDTH : wantedWidth,
      full: id === 'time' ? wantedWidth : Math.max(wantedWidth, ROOMY[id] ?? 0),
      priority,
    })),
    width - GUTTER,
  );
  const gap = columnGap(width - GUTTER);
  let x = GUTTER;
  return places.map((place) => {
    const found = { column: EVENT_COLUMNS[place.index], x, width: place.width };
    x += place.width + gap;
    return found;
  });
}

function drawTitles(kit: Kit, placed: readonly Placed[], width: number): string {
  const pieces = placed.flatMap(({ column, x, width: cell }, at): Piece[] => [
    [' '.repeat(x - endOf(placed, at)), 'column-title'],
    [fitTo(kit, column.title, cell, column.align), 'column-title'],
  ]);
  return joinPieces(kit, pieces, width, 'column-title');
}

/** Where the column before ends. */
const endOf = (placed: readonly Placed[], at: number) => (at === 0 ? 0 : placed[at - 1].x + placed[at - 1].width);

function drawRow(
  kit: Kit,
  state: State,
  entry: EventEntry,
  placed: readonly Placed[],
  width: number,
  isSelected: boolean,
): string {
  const isActive = modeOf(state) === 'table' || state.prompt !== undefined;
  const selection: UiToken | undefined = !isSelected ? undefined : isActive ? 'selected' : 'selected-idle';
  const pieces = placed.flatMap(({ column, x, width: cell }, at): Piece[] => {
    const text = column.text(entry, kit.style);
    const fitting = column.id === 'time' && cell < text.length ? text.slice(0, SHORT_TIME_WIDTH) : text;
    const token = column.token?.(entry) ?? (text === ABSENT || column.id === 'source' ? 'faint' : undefined);
    return [
      [' '.repeat(x - endOf(placed, at)), selection],
      [fitTo(kit, fitting, cell, column.align, column.cut), selection ?? token],
    ];
  });
  return joinPieces(kit, pieces, width, selection);
}
