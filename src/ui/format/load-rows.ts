// The lines while a load runs: what runs, then one row a second. Columns are left out from the right until they fit.

import type { Interval, MeterSetup } from '../../load/model/meter.ts';
import { exactSizeText } from '../../load/model/size.ts';
import { formatByteRate, formatCount, formatNs, formatShare } from './load-numbers.ts';

interface RowColumn {
  readonly title: string;
  readonly width: number;
  /** The first to be left out has the greatest number; 0 always stays. */
  readonly rank: number;
  readonly text: (row: Interval) => string;
}

const cpu = (row: Interval) => {
  const { producer, consumer } = row;
  const percent = (user: number, system: number) => Math.round((user + system) * 100);
  return `${percent(producer.cpuUserShare, producer.cpuSystemShare)}+${percent(consumer.cpuUserShare, consumer.cpuSystemShare)}`;
};

const COLUMNS: readonly RowColumn[] = [
  { title: 'second', width: 6, rank: 0, text: ({ startSec, seconds }) => spellSecond(startSec + seconds) },
  { title: 'messages/s', width: 10, rank: 2, text: (row) => formatCount(row.messagesPerSecond) },
  { title: 'bytes/s', width: 10, rank: 0, text: (row) => formatByteRate(row.bytesPerSecond) },
  { title: 'filled', width: 6, rank: 3, text: (row) => formatShare(row.occupancyMean) },
  { title: 'producer waits', width: 14, rank: 5, text: (row) => formatShare(row.producer.waitShare) },
  { title: 'consumer waits', width: 14, rank: 5, text: (row) => formatShare(row.consumer.waitShare) },
  {
    title: 'sleeps/s',
    width: 8,
    rank: 6,
    text: (row) => formatCount(row.producer.sleepsPerSecond + row.consumer.sleepsPerSecond),
  },
  { title: 'cpu % p+c', width: 9, rank: 4, text: cpu },
  {
    title: 'others',
    width: 6,
    rank: 7,
    text: (row) => (row.othersCpuShare === undefined ? '' : formatShare(row.othersCpuShare)),
  },
  { title: 'p99 way', width: 8, rank: 6, text: (row) => (row.oneWayNs ? formatNs(row.oneWayNs.p99) : '') },
  { title: 'wrong', width: 6, rank: 0, text: ({ wrong }) => (wrong < 1e5 ? String(wrong) : formatCount(wrong)) },
];

/** Whole seconds; the last row of a load that was stopped ends in between. */
const spellSecond = (second: number) =>
  Math.abs(second - Math.round(second)) < 0.08 ? String(Math.round(second)) : second.toFixed(1);

/** The columns that fit into `width`; latency only where a rate is offered. */
function columnsFor(setup: MeterSetup, width: number): RowColumn[] {
  let columns = COLUMNS.filter((column) => column.title !== 'p99 way' || setup.rate !== undefined);
  const widthOf = () => columns.reduce((sum, column) => sum + column.width + 2, -2);
  while (widthOf() > width) {
    const rank = Math.max(...columns.map((column) => column.rank));
    if (rank === 0) break;
    columns = columns.filter((column) => column.rank !== rank);
  }
  return columns;
}

/** The titles of the rows. */
export function rowHeader(setup: MeterSetup, width: number): string {
  return columnsFor(setup, width)
    .map(({ title, width: cell }) => title.padStart(cell))
    .join('  ');
}

/** One stretch of time as a row. */
export function formatRow(setup: MeterSetup, row: Interval, width: number): string {
  return columnsFor(setup, width)
    .map(({ text, width: cell }) => text(row).padStart(cell))
    .join('  ');
}

/** What runs, so that it can be repeated: `futex, 64 B messages, 16384 slots, one pair, verify sample`. */
export function spellSetup(setup: MeterSetup): string {
  const pairs = spellSides(setup);
  const rate = setup.rate === undefined ? '' : `, ${formatCount(setup.rate)} messages/s offered`;
  const reader = setup.readerRate === undefined ? '' : `, read at ${formatCount(setup.readerRate)}/s at most`;
  const buffer = setup.mostBytes === undefined ? '' : ', growing';
  const api = setup.api === undefined ? '' : `, by ${setup.api}`;
  const huge = setup.huge ? ', huge pages' : '';
  const group = setup.group > 1 ? `, groups of ${setup.group}` : '';
  return `${setup.sync}, ${exactSizeText(setup.sizeBytes)} messages, ${setup.slots} slots, ${pairs}${group}${api}${huge}${buffer}${rate}${reader}, verify ${setup.verify}`;
}

function spellSides({ pairs, producers, consumers }: MeterSetup): string {
  if (producers !== undefined) return `${producers} to ${consumers} on one ring`;
  return pairs === 1 ? 'one pair' : `${pairs} pairs`;
}

/** Where it runs, so that it can be found in the tables: `sysv:5 (key 0x534d1f2e when made): producer 11, consumer 12`. */
export function spellPlace({ segmentName, workers }: MeterSetup): readonly string[] {
  const pids = (role: 'producer' | 'consumer') => {
    const own = workers.filter((worker) => worker.role === role);
    const list = own
      .slice(0, 4)
      .map((worker) => (worker.cpu === undefined ? worker.pid : `${worker.pid} on cpu ${worker.cpu}`));
    return `${list.join(', ')}${own.length > 4 ? ', …' : ''}`;
  };
  const who = `producer ${pids('producer')}, consumer ${pids('consumer')}`;
  return [`${segmentName}: ${who}`, `${segmentName.replace(/ .*/, '')}: ${who}`];
}
