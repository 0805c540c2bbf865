// The Events screen: which sources tell, and the table of events.
import { ABSENT } from '../format/absent.ts';
import { sparkline } from '../format/boxes.ts';
import { EVENT_COLUMNS, type EventRow, SHORT_TIME_WIDTH } from '../format/event-columns.ts';
import { clockTime, EVENT_TOKENS } from '../format/event-text.ts';
import { countOf } from '../format/totals.ts';
import { displayWidth } from '../format/width.ts';
import type { EventEntry } from '../state/event-entry.ts';
import { sequelOf } from '../state/event-fate.ts';
import { isFollowingEvents, selectEventRows } from '../state/event-rows.ts';
import { type State, shownEvents, shownHistory } from '../state/state.ts';
import { GUTTER, tablePlaces } from '../state/table-layout.ts';
import { EVENT_TABLE } from '../state/tables.ts';
import { type Kit, type Piece, spreadPieces } from './pen.ts';
import { type Cells, drawTable } from './table.ts';

export function drawEvents(state: State): string[] {
  return drawTable(state, {
    table: EVENT_TABLE,
    columns: EVENT_COLUMNS,
    rows: selectEventRows,
    row: eventRow,
    above: drawSources,
    emptyText,
  });
}

function eventRow(_kit: Kit, state: State, item: EventEntry): Cells<EventRow> | readonly Piece[] {
  const { event } = item;
  if (event.event === 'lost') return lostPieces(state, item) ?? { item };
  const sequel = sequelOf(state, event);
  const detail = [event.detail, sequel].filter((part) => part !== undefined).join('; ');
  return {
    item,
    text: ({ id }, text, width) => {
      if (id === 'detail' && sequel !== undefined) return detail;
      return id === 'time' && width < text.length ? text.slice(0, SHORT_TIME_WIDTH) : text;
    },
    token: (column, text) => {
      if (sequel !== undefined && column.id === 'event') return 'faint';
      return column.token?.(item) ?? (text === ABSENT || column.id === 'source' ? 'faint' : undefined);
    },
  };
}

/** What was lost is of no object: where its column has no room for it, it takes that of the others. Undefined: it has. */
function lostPieces(state: State, { event }: EventEntry): readonly Piece[] | undefined {
  const places = tablePlaces(state, EVENT_TABLE);
  const detail = event.detail ?? '';
  const [time] = places;
  if ((places.find(({ id }) => id === 'detail')?.width ?? 0) >= displayWidth(detail) || !time) return undefined;
  const what = event.count > 1 ? `lost x${event.count}` : 'lost';
  const moment = clockTime(event.atMs);
  return [
    [' '.repeat(GUTTER)],
    [time.width < moment.length ? moment.slice(0, SHORT_TIME_WIDTH) : moment],
    [` ${what} `, EVENT_TOKENS.lost],
    [detail],
  ];
}

function emptyText(state: State): string {
  if (state.live?.problem !== undefined) return `No events: ${state.live.problem}.`;
  if (!state.live) return 'Starting to watch…';
  if (state.filter.text !== '' && shownEvents(state).count > 0) return 'Nothing passes the filter. Esc clears it.';
  return 'Nothing has happened yet. Attaches, detaches, creations and removals appear here as they happen.';
}

const SPARKS = 20;

/** Which sources run, so that nobody takes silence for proof, and what the list is doing. */
function drawSources(kit: Kit, state: State, width: number): string {
  const { sources = [] } = state.live ?? {};
  const active = sources.filter(({ isActive }) => isActive);
  const left: Piece[] = [];
  if (active.length > 0) {
    left.push([` ${active.map(({ name }) => name).join(' ')}`, 'good']);
    // In full in the help: a few letters of it say nothing.
    const misses = active.flatMap(({ name, misses }) => (misses === undefined ? [] : [`${name}: ${misses}`]));
    if (width >= 120 && misses.length > 0) left.push([`  not seen: ${misses.join('; ')}`, 'faint']);
  }
  const perSecond = (shownHistory(state).events?.values ?? []).slice(-SPARKS);
  const spark = sparkline(perSecond, SPARKS, kit.boxes.sparks, Math.max(0, ...perSecond));
  if (width >= 120 && perSecond.length > 1) left.unshift([` ${spark}`, 'spark'], [' events/s ', 'faint']);
  const order = state.settings.isNewestFirst ? 'newest first' : 'newest last';
  const right: Piece[] = [
    [` ${isFollowingEvents(state) && !state.paused ? 'following, ' : ''}${order} `, 'faint'],
    [`${kit.boxes.dot} ${countOf(selectEventRows(state).length, 'event')} `, 'faint'],
  ];
  return spreadPieces(kit, left, width >= 60 ? right : [], width);
}
