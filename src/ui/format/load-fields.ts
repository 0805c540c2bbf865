// THE table of what can be chosen of a load in the dashboard: the form, its explanations and what is remembered come from it.
import { BACKINGS, BUFFERINGS, type LoadChoices, SIZES, type VerifyLevel } from '../../load/model/options.ts';
import { exactSizeText } from '../../load/model/size.ts';
import { formatCount } from './load-numbers.ts';
import { SYNC_MODE_WORDS, SYNC_QUESTION } from './sync-modes.ts';

export interface LoadOption {
  /** As it is shown, a few characters. */
  readonly text: string;
  /** What it means, in a few words. */
  readonly meaning: string;
  readonly isIn: (choices: LoadChoices) => boolean;
  readonly putInto: (choices: LoadChoices) => LoadChoices;
}

export interface LoadField {
  readonly id: keyof LoadChoices;
  readonly title: string;
  /** What the choice is about, in a sentence or two. */
  readonly about: string;
  /** All that can be taken, in order. */
  readonly options: readonly LoadOption[];
}

function field<Id extends keyof LoadChoices>(
  id: Id,
  title: string,
  about: string,
  values: readonly LoadChoices[Id][],
  spell: (value: LoadChoices[Id]) => readonly [text: string, meaning: string],
): LoadField {
  const options = values.map((value) => {
    const [text, meaning] = spell(value);
    return {
      text,
      meaning,
      isIn: (choices: LoadChoices) => choices[id] === value,
      putInto: (choices: LoadChoices) => ({ ...choices, [id]: value }),
    };
  });
  return { id, title, about, options };
}

const BACKING: Readonly<Record<(typeof BACKINGS)[number], string>> = {
  sysv: 'a System V segment, shmget(2)',
  posix: 'a file without a name in /dev/shm',
  memfd: 'memory behind a descriptor, no file',
};
const VERIFY: Readonly<Record<VerifyLevel, string>> = {
  full: 'every byte of every message',
  sample: 'both ends, each 16th byte by byte',
  seq: 'the number of each: tearing slips by',
  off: 'nothing: only how fast it would be',
};

function meaningOfSize(sizeBytes: number): string {
  if (sizeBytes <= 256) return 'handing over costs more than copying';
  if (sizeBytes <= 16_384) return 'copied within the nearest caches';
  return sizeBytes <= 262_144 ? 'copying begins to rule' : 'as fast as memory can be copied';
}

export const LOAD_FIELDS: readonly LoadField[] = [
  field(
    'sync',
    'Sync',
    `${SYNC_QUESTION} By looking again and again, by a semaphore, by a signal, or by being woken.`,
    SYNC_MODE_WORDS.map(({ mode }) => mode),
    (sync) => [sync, SYNC_MODE_WORDS.find(({ mode }) => mode === sync)?.meaning ?? ''],
  ),
  field(
    'sizeBytes',
    'Message size',
    'Small messages show what handing over costs, large ones how fast memory is copied from one process to the other.',
    SIZES,
    (sizeBytes) => [exactSizeText(sizeBytes), meaningOfSize(sizeBytes)],
  ),
  field(
    'backing',
    'Segment',
    'What the two processes share. None of the three can outlive them, whatever kills them.',
    BACKINGS,
    (backing) => [backing, BACKING[backing]],
  ),
  field('pairs', 'Pairs', 'Each pair has a ring of its own in the segment.', [1, 2, 4, 8], (pairs) => [
    String(pairs),
    pairs === 1 ? 'one writer and one reader' : `${pairs} writers and ${pairs} readers`,
  ]),
  field(
    'verify',
    'Verify',
    'What the reader checks of each message while the load runs. Checking costs time, and the figures say how much.',
    ['sample', 'full', 'seq', 'off'],
    (verify) => [verify, VERIFY[verify]],
  ),
  field(
    'durationSec',
    'Duration',
    'The load ends by itself after that time; l ends it sooner.',
    [10, 30, 60, 120, 300, 600],
    (seconds) => [
      seconds < 120 ? `${seconds} s` : `${seconds / 60} min`,
      seconds <= 30 ? 'a quick look' : 'to see it settle, or warm up',
    ],
  ),
  field(
    'buffer',
    'Buffer',
    'What happens where the reader is slower: the writer waits, or the buffer grows by further segments, to 256 MiB a pair.',
    BUFFERINGS,
    (buffer) => [
      buffer,
      buffer === 'bounded' ? 'full: the writer waits (back pressure)' : 'full: it grows, see screen 1',
    ],
  ),
  field(
    'rate',
    'Rate',
    'As fast as possible shows throughput. At a fixed rate the queue stays empty, and what a message takes is its latency.',
    [undefined, 1e3, 1e4, 1e5, 1e6],
    (rate) => [
      rate === undefined ? 'unlimited' : `${formatCount(rate).replace('.00', '').replace('.0', '')}/s`,
      rate === undefined ? 'as fast as possible: throughput' : 'a pair, evenly spaced: latency',
    ],
  ),
];
