// The usual kinds of column, made from a reading function: text, bytes, counts, lengths of time, moments.
import { ABSENT } from './absent.ts';
import { formatBytes } from './bytes.ts';
import type { Column } from './column.ts';
import { formatDuration } from './duration.ts';
import { isoTime, localTime } from './time.ts';

type Read<Row, Value> = (row: Row, nowSec: number) => Value | undefined;

/** `read` gives escaped text. */
export function textColumn<Row>(
  id: string,
  title: string,
  meaning: string,
  wantedWidth: number,
  read: Read<Row, string>,
): Column<Row> {
  return {
    id,
    title,
    meaning,
    align: 'left',
    minWidth: Math.min(6, wantedWidth),
    wantedWidth: Math.max(wantedWidth, title.length),
    value: read,
    text: (row, style) => read(row, style.nowSec) ?? ABSENT,
  };
}

export function bytesColumn<Row>(id: string, title: string, meaning: string, read: Read<Row, number>): Column<Row> {
  return {
    ...numberColumn(id, title, meaning, read),
    quantity: 'bytes',
    text: (row, style) => {
      const bytes = read(row, style.nowSec);
      return bytes === undefined ? ABSENT : formatBytes(bytes, style);
    },
  };
}

export function countColumn<Row>(id: string, title: string, meaning: string, read: Read<Row, number>): Column<Row> {
  return { ...numberColumn(id, title, meaning, read), quantity: 'count' };
}

/** `read` gives seconds. */
export function durationColumn<Row>(id: string, title: string, meaning: string, read: Read<Row, number>): Column<Row> {
  return {
    ...numberColumn(id, title, meaning, read),
    quantity: 'seconds',
    text: (row, style) => {
      const seconds = read(row, style.nowSec);
      return seconds === undefined ? ABSENT : formatDuration(seconds);
    },
  };
}

/** `read` gives seconds since the epoch; the table shows local time, the value is ISO 8601. */
export function timeColumn<Row>(id: string, title: string, meaning: string, read: Read<Row, number>): Column<Row> {
  return {
    ...textColumn<Row>(id, title, meaning, 19, (row, nowSec) => isoTime(read(row, nowSec))),
    minWidth: 19,
    text: (row, style) => localTime(read(row, style.nowSec)) ?? ABSENT,
  };
}

function numberColumn<Row>(id: string, title: string, meaning: string, read: Read<Row, number>): Column<Row> {
  return {
    id,
    title,
    meaning,
    align: 'right',
    minWidth: title.length,
    wantedWidth: Math.max(6, title.length),
    value: read,
    text: (row, style) => String(read(row, style.nowSec) ?? ABSENT),
  };
}
