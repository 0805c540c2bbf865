// `shmtop load --api all`: the same messages copied, worked on in place and lent from a pool, size by size: what zero copy gains.
import type { LoadEngine } from '../../load/engine.ts';
import { isTrue } from '../../load/model/meter.ts';
import { APIS, type Api, type LoadOptions } from '../../load/model/options.ts';
import { isProblem, type LoadProblem } from '../../load/model/problem.ts';
import { exactSizeText } from '../../load/model/size.ts';
import { type Spread, spreadOf } from '../../load/model/statistics.ts';
import { formatByteRate, formatRatio } from '../../ui/format/load-numbers.ts';
import { SCHEMA_VERSION } from '../json.ts';

const SIZES: readonly number[] = [64, 1024, 4096, 65_536, 1_048_576];
const CELL_SEC = 0.3;
const CELL_WARM_UP_SEC = 0.15;
/** A rate and two blanks: with the gains of ratios below one a row is 97 wide, and stays one in a file. */
const CELL_WIDTH = 11;

export interface ApiRow {
  readonly sizeBytes: number;
  readonly copyBytesPerSecond: Spread;
  readonly viewBytesPerSecond: Spread;
  readonly poolBytesPerSecond: Spread;
  /** How many times as fast as copying, within each round. */
  readonly viewGain: Spread;
  readonly poolGain: Spread;
}

interface ApiComparison {
  readonly rounds: number;
  readonly verify: LoadOptions['verify'];
  readonly rows: readonly ApiRow[];
  readonly isTrue: boolean;
  readonly problem?: LoadProblem;
}

export interface ApiRequest {
  readonly options: Partial<LoadOptions>;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Interleaved rounds. Every byte is read, so that the reader does the same work each time, unless another check is asked for. */
export async function compareApis(engine: LoadEngine, request: ApiRequest): Promise<ApiComparison> {
  const { options, rounds, signal, onProgress } = request;
  const verify = options.verify ?? 'full';
  const sizes = options.sizeBytes === undefined ? SIZES : [options.sizeBytes];
  const rows: ApiRow[] = [];
  let allTrue = true;
  for (const sizeBytes of sizes) {
    const rates: Record<Api, number[]> = { copy: [], view: [], pool: [] };
    for (let round = 0; round < rounds; round++) {
      for (const api of APIS) {
        if (signal.aborted) return { rounds, verify, rows, isTrue: allTrue };
        onProgress(`${exactSizeText(sizeBytes)}, round ${round + 1} of ${rounds}: ${api} …`);
        const cell = { durationSec: CELL_SEC, warmUpSec: CELL_WARM_UP_SEC, ...options, api, sizeBytes, verify };
        const meter = await engine.measure({ options: cell, intervalMs: 60_000, signal });
        const trouble = isProblem(meter) ? meter : meter.problem;
        if (trouble) return { rounds, verify, rows, isTrue: allTrue, problem: trouble };
        if (isProblem(meter) || !meter.total) continue;
        allTrue &&= isTrue(meter.truth);
        rates[api].push(meter.total.bytesPerSecond);
      }
    }
    const row = rowOf(sizeBytes, rates);
    if (row) rows.push(row);
  }
  return { rounds, verify, rows, isTrue: allTrue };
}

function rowOf(sizeBytes: number, rates: Record<Api, number[]>): ApiRow | undefined {
  const copy = spreadOf(rates.copy);
  const view = spreadOf(rates.view);
  const pool = spreadOf(rates.pool);
  const viewGain = spreadOf(rates.view.map((rate, round) => rate / rates.copy[round]));
  const poolGain = spreadOf(rates.pool.map((rate, round) => rate / rates.copy[round]));
  if (!copy || !view || !pool || !viewGain || !poolGain) return undefined;
  return {
    sizeBytes,
    copyBytesPerSecond: copy,
    viewBytesPerSecond: view,
    poolBytesPerSecond: pool,
    viewGain,
    poolGain,
  };
}

/** A line a size, and what the words mean. */
export function apiLines({ rows, verify, rounds }: ApiComparison): string[] {
  if (rows.length === 0) return [];
  const cells = (texts: readonly string[]) => texts.map((text) => text.padStart(CELL_WIDTH)).join('');
  const gain = ({ median, min, max }: Spread) => `${formatRatio(median)} [${formatRatio(min)}..${formatRatio(max)}]`;
  return [
    `bytes/s, medians of interleaved rounds (${rounds}), verify ${verify}`,
    `${'message'.padEnd(9)}${cells(['copy', 'view', 'pool'])}  gained in place`,
    ...rows.map((row) => {
      const rates = [row.copyBytesPerSecond, row.viewBytesPerSecond, row.poolBytesPerSecond];
      const gains = `view ${gain(row.viewGain)}, pool ${gain(row.poolGain)}`;
      return `${exactSizeText(row.sizeBytes).padEnd(9)}${cells(rates.map(({ median }) => formatByteRate(median)))}  ${gains}`;
    }),
    '',
    'copy        out of the ring into memory of its own, then the reader works on that: two copies a message',
    'view        the reader works on the message where it lies, and gives the slot back afterwards, in order',
    'pool        a buffer is borrowed, written, published by its number, read in place, and given back in any order',
  ];
}

/** `shmtop load --api all --json`. */
export const apisReport = ({ rows, verify }: ApiComparison) => ({ schemaVersion: SCHEMA_VERSION, verify, apis: rows });
