// What a comparison came to, for a person: a table of one size, or two over all sizes with columns of bars, and the limits of each.
import { bestOtherOf, type Comparison, type ComparisonRow, defaultPipeOf } from '../../load/model/comparison.ts';
import { TRANSPORTS, type Transport } from '../../load/model/options.ts';
import { exactSizeText, sizeText } from '../../load/model/size.ts';
import { TRANSPORT_WORDS } from '../../load/model/transports.ts';
import type { Boxes } from '../../ui/format/boxes.ts';
import { formatByteRate, formatCount, formatNs, formatRatio, threeDigits } from '../../ui/format/load-numbers.ts';
import { plotGroups } from './plot.ts';

const LABEL_WIDTH = 18;
const CELL_WIDTH = 11;
const PLOT_HEIGHT = 8;
const NOT_POSSIBLE = '-';

/** The lines; empty when nothing was measured. */
export function summariseComparison(comparison: Comparison, width: number, boxes: Boxes): string[] {
  const { rows, sizes } = comparison;
  if (rows.length === 0) return [];
  const table = sizes.length === 1 ? oneSize(comparison, width) : manySizes(comparison, width, boxes);
  return [...table, '', ...against(comparison), ...limits(comparison)];
}

function oneSize({ rows, rounds, sizes }: Comparison, width: number): string[] {
  const isNarrow = width < 80;
  const end = (row: ComparisonRow) => {
    const cpu = row.cpuSecondsPerGB === undefined ? '' : threeDigits(row.cpuSecondsPerGB);
    const { roundTripNs } = row;
    const trip = roundTripNs ? [formatNs(roundTripNs.p50), formatNs(roundTripNs.p99)] : ['', ''];
    return isNarrow ? trip[0].padStart(11) : `${cpu.padStart(10)}${trip[0].padStart(11)}${trip[1].padStart(11)}`;
  };
  const header = isNarrow
    ? 'round trip'.padStart(11)
    : `${'CPU s/GB'.padStart(10)}${'trip p50'.padStart(11)}${'p99'.padStart(11)}`;
  return [
    `${exactSizeText(sizes[0])} messages, ${spellRounds(rounds)}`,
    `${'through'.padEnd(LABEL_WIDTH)}${'messages/s'.padStart(CELL_WIDTH)}${'bytes/s'.padStart(CELL_WIDTH)}${header}`,
    ...rows.map((row) => {
      const messages = row.messagesPerSecond ? formatCount(row.messagesPerSecond.median) : NOT_POSSIBLE;
      const bytes = row.bytesPerSecond ? formatByteRate(row.bytesPerSecond.median) : '';
      return `${row.label.padEnd(LABEL_WIDTH)}${messages.padStart(CELL_WIDTH)}${bytes.padStart(CELL_WIDTH)}${end(row)}`;
    }),
  ];
}

const spellRounds = (rounds: number) => (rounds === 1 ? 'one round' : `medians of ${rounds} interleaved rounds`);

function manySizes(comparison: Comparison, width: number, boxes: Boxes): string[] {
  const { rounds } = comparison;
  const rate = (row: ComparisonRow | undefined) => row?.bytesPerSecond?.median;
  const trip = (row: ComparisonRow | undefined) => row?.roundTripNs?.p50;
  return [
    ...matrix(comparison, `bytes/s over the size of a message, ${spellRounds(rounds)}`, (row) => {
      const value = rate(row);
      return value === undefined ? NOT_POSSIBLE : formatByteRate(value);
    }),
    ...groups(comparison, width, boxes, rate),
    '',
    ...matrix(comparison, 'round trip, one message in flight, half of them take less', (row) => {
      const value = trip(row);
      return value === undefined ? NOT_POSSIBLE : formatNs(value);
    }),
    ...groups(comparison, width, boxes, trip),
  ];
}

const cellOf = ({ rows }: Comparison, transport: Transport, sizeBytes: number) =>
  rows.find((row) => row.transport === transport && row.sizeBytes === sizeBytes);
const shown = ({ rows }: Comparison) => TRANSPORTS.filter((each) => rows.some(({ transport }) => transport === each));
const letterOf = (at: number) => String.fromCharCode(97 + at);

function matrix(comparison: Comparison, title: string, text: (row: ComparisonRow | undefined) => string): string[] {
  const { sizes } = comparison;
  const cells = (texts: readonly string[]) => texts.map((each) => each.padStart(CELL_WIDTH)).join('');
  return [
    title,
    `  ${'through'.padEnd(LABEL_WIDTH)}${cells(sizes.map(exactSizeText))}`,
    ...shown(comparison).map((transport, at) => {
      const texts = sizes.map((sizeBytes) => text(cellOf(comparison, transport, sizeBytes)));
      return `${letterOf(at)} ${TRANSPORT_WORDS[transport].label.padEnd(LABEL_WIDTH)}${cells(texts)}`;
    }),
  ];
}

/** A column for each letter of the table above, on a scale of powers of ten; none where there is no room. */
function groups(
  comparison: Comparison,
  width: number,
  boxes: Boxes,
  value: (row: ComparisonRow | undefined) => number | undefined,
): string[] {
  const transports = shown(comparison);
  return plotGroups(
    comparison.sizes.map((sizeBytes) => ({
      title: sizeText(sizeBytes),
      values: transports.map((transport) => value(cellOf(comparison, transport, sizeBytes))),
    })),
    transports.map((_, at) => letterOf(at)),
    { width, height: PLOT_HEIGHT, boxes },
  );
}

/** How many times as fast shared memory is, as far as it is. */
function against(comparison: Comparison): string[] {
  return comparison.sizes.flatMap((sizeBytes) => {
    const pieces = [
      ['the default pipe', defaultPipeOf(comparison, sizeBytes)],
      ['the best of the others', bestOtherOf(comparison, sizeBytes)],
    ] as const;
    const texts = pieces.flatMap(([name, row]) => {
      if (!row?.shmRatio) return [];
      const { median, min, max } = row.shmRatio;
      return [`${formatRatio(median)} [${formatRatio(min)}..${formatRatio(max)}] ${name} (${row.label})`];
    });
    return texts.length > 0 ? [`${exactSizeText(sizeBytes)}: shared memory is ${texts.join(', ')}`] : [];
  });
}

/** What each costs and where it ends, and why one could not be measured. */
function limits(comparison: Comparison): string[] {
  const words = shown(comparison).map((transport) => {
    const { label, limit } = TRANSPORT_WORDS[transport];
    return `${label.padEnd(LABEL_WIDTH)}${limit}`;
  });
  const problems = Map.groupBy(
    comparison.rows.filter(({ problem }) => problem),
    ({ problem }) => problem,
  );
  const missing = [...problems].map(([problem, rows]) => {
    const kinds = [...Map.groupBy(rows, ({ label }) => label)];
    const sizesOf = (own: readonly ComparisonRow[]) => own.map(({ sizeBytes }) => exactSizeText(sizeBytes)).join(', ');
    if (kinds.length === 1) return `${kinds[0][0].padEnd(LABEL_WIDTH)}${problem} Not measured: ${sizesOf(rows)}.`;
    return `${problem} Not measured: ${kinds.map(([label, own]) => `${label} (${sizesOf(own)})`).join(', ')}.`;
  });
  return ['', ...words, ...(missing.length > 0 ? ['', ...missing] : [])];
}
