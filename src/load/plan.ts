// What to run: the choices of a person, filled in and checked against what the machine can do. Nothing is created yet.

import { MAX_VIEW_BYTES } from '../native/view.ts';
import type { Machine } from './machine.ts';
import { growingSlots } from './model/growth.ts';
import { type ManyGeometry, manyGeometry } from './model/many.ts';
import { BACKINGS, type LoadOptions, SYNC_MODES, VERIFY_LEVELS } from './model/options.ts';
import { MOST_BUFFERS } from './model/pool.ts';
import { type LoadProblem, problem } from './model/problem.ts';
import { batchFor, drainFor, type RingGeometry, ringGeometry } from './model/ring.ts';
import { bytesText, exactSizeText } from './model/size.ts';
import { hasRing, isQueue, MQ_LIMIT_BYTES, TRANSPORT_WORDS } from './model/transports.ts';
import { apiOf, checkHardware, checkSharing, isShared } from './plan-sharing.ts';

const MIN_SIZE_BYTES = 8;
const MAX_SIZE_BYTES = 16 * 1024 ** 2;
const MAX_PAIRS = 64;
const MAX_DURATION_SEC = 24 * 3600;
const MAX_RATE = 1e9;
/** Of what is available, so that the rest of the machine goes on living. */
const MEMORY_SHARE = 0.8;

/** Options that can run here, with what follows from them. */
export interface LoadPlan extends LoadOptions {
  readonly geometry: RingGeometry;
  /** Rings in the segment: one a pair, two for a duplex pair. */
  readonly rings: number;
  readonly segmentBytes: number;
  readonly batch: number;
  readonly drain: number;
  readonly spinUs: number;
  /** Segments that each ring may have; 0 for a bounded buffer. */
  readonly mostBlocks: number;
  /** Of a ring that many share; absent for pairs. */
  readonly many?: ManyPlan;
  /** With `nodes`: processors of the producers, and of the consumers. */
  readonly nodeCpus?: readonly [readonly number[], readonly number[]];
}

export interface ManyPlan {
  readonly producers: number;
  readonly consumers: number;
  /** Where the slots lie in the segment. */
  readonly slotsAt: number;
}

const DEFAULT_SPIN_US = 50;
/** Modes that wait for indices, which go on whatever segment they are in. */
const GROWING: ReadonlySet<string> = new Set(['futex', 'spin']);
const POLLING: ReadonlySet<string> = new Set(['spin', 'flag', 'none']);
const isOneOf = (values: readonly string[], value: string) => values.includes(value);

/** Checks options against the machine: a plan, or the first thing that stands in the way. */
export function planLoad(options: LoadOptions, machine: Machine): LoadPlan | LoadProblem {
  const wrong =
    checkValues(options) ?? checkTransport(options) ?? checkProcessors(options, machine) ?? checkSharing(options);
  if (wrong) return wrong;
  const many = manyOf(options);
  const geometry: RingGeometry = many?.geometry ?? geometryOf(options);
  const { slots, strideBytes } = geometry;
  const isGrowing = options.buffer === 'unbounded' && options.job === 'stream' && options.transport === 'shm';
  const mostBlocks = isGrowing ? Math.floor(options.mostBytes / (slots * strideBytes)) : 0;
  const rings = many?.rings ?? (options.job === 'duplex' ? 2 : options.pairs);
  const neededBytes = many?.geometry.segmentBytes ?? geometry.ringBytes * rings;
  const segmentBytes = options.huge ? roundTo(machine.hugePageBytes, neededBytes) : neededBytes;
  const room =
    checkGrowth(options, isGrowing, mostBlocks, slots * strideBytes) ??
    checkRoom(options, segmentBytes, machine) ??
    checkMost(options, isGrowing, machine) ??
    checkHardware(options, segmentBytes, machine);
  if (room) return room;
  const group = Math.min(options.group, geometry.slots / 2);
  return {
    ...options,
    api: apiOf(options),
    geometry,
    ...nodeCpusOf(options, machine),
    ...(many ? { many: { ...many.sides, slotsAt: many.geometry.slotsAt } } : {}),
    rings,
    segmentBytes,
    group,
    batch: batchFor(options.sizeBytes),
    drain: Math.max(group, drainFor(options.sizeBytes)),
    mostBlocks,
    spinUs: options.spinUs ?? (machine.cpus > 1 ? DEFAULT_SPIN_US : 0),
  };
}

function checkValues(options: LoadOptions): LoadProblem | undefined {
  const { sizeBytes, pairs, durationSec, rate, group } = options;
  if (sizeBytes < MIN_SIZE_BYTES || sizeBytes > MAX_SIZE_BYTES) {
    return problem(
      'refused',
      `Cannot send messages of ${sizeBytes} bytes: a size is between 8 and 16M (16777216) bytes.`,
    );
  }
  if (sizeBytes % 8 !== 0) {
    const near = Math.ceil(sizeBytes / 8) * 8;
    return problem(
      'refused',
      `Cannot send messages of ${sizeBytes} bytes: a size is a multiple of 8, such as ${near}.`,
    );
  }
  if (!isOneOf(SYNC_MODES, options.sync)) {
    return problem('usage', `There is no sync mode "${options.sync}": choose one of ${SYNC_MODES.join(', ')}.`);
  }
  if (!isOneOf(BACKINGS, options.backing)) {
    return problem('usage', `There is no backing "${options.backing}": choose one of ${BACKINGS.join(', ')}.`);
  }
  if (!isOneOf(VERIFY_LEVELS, options.verify)) {
    return problem('usage', `There is no verification "${options.verify}": choose one of ${VERIFY_LEVELS.join(', ')}.`);
  }
  if (!Number.isInteger(pairs) || pairs < 1 || pairs > MAX_PAIRS) {
    return problem('refused', `Cannot run ${pairs} pairs: a number from 1 to ${MAX_PAIRS} is possible.`);
  }
  if (!(durationSec > 0 && durationSec <= MAX_DURATION_SEC)) {
    return problem('refused', `Cannot run for ${durationSec} seconds: a duration is above 0 and at most 24h.`);
  }
  const { readerRate } = options;
  if (readerRate !== undefined && !(readerRate > 0 && readerRate <= MAX_RATE)) {
    return problem('refused', `Cannot take ${readerRate} messages a second: a rate is above 0 and at most 1G.`);
  }
  if (readerRate !== undefined && options.sync === 'none') {
    return problem('refused', 'Without synchronisation (none) the reader has no pace that one could set.');
  }
  if (options.sync === 'none' && options.job === 'duplex') {
    return problem('refused', 'Without synchronisation (none) there is no answer that one could wait for.');
  }
  if (rate !== undefined && !(rate > 0 && rate <= MAX_RATE)) {
    return problem('refused', `Cannot offer ${rate} messages a second: a rate is above 0 and at most 1G.`);
  }
  if (!Number.isInteger(Math.log2(group)) || group < 1 || group > 1024 || (group > 1 && sizeBytes > 1024)) {
    return problem(
      'refused',
      `Cannot claim groups of ${group}: a power of two up to 1024, for messages of at most 1K.`,
    );
  }
  return undefined;
}

/** A ring that many share has a header for each worker. */
function manyOf(options: LoadOptions) {
  if (!isShared(options)) return undefined;
  const sides = { producers: options.producers ?? 1, consumers: options.consumers ?? 1 };
  const rings = Math.max(sides.producers, sides.consumers);
  const geometry: ManyGeometry = manyGeometry(options.sizeBytes, rings);
  return { sides, rings, geometry };
}

function nodeCpusOf({ nodes }: LoadOptions, machine: Machine): Pick<LoadPlan, 'nodeCpus'> {
  if (!nodes) return {};
  const cpusOf = (node: number) => machine.nodes.find((each) => each.node === node)?.cpus ?? [];
  return { nodeCpus: [cpusOf(nodes[0]), cpusOf(nodes.at(-1) ?? nodes[0])] };
}

const roundTo = (unit: number, value: number) => (unit > 0 ? Math.ceil(value / unit) * unit : value);

/** Further segments are of the size of the first. */
function geometryOf(options: LoadOptions): RingGeometry {
  const { transport, sizeBytes, buffer, mostBytes, job } = options;
  if (!hasRing(transport)) return ringGeometry(sizeBytes, 1);
  const geometry = ringGeometry(sizeBytes);
  if (apiOf(options) === 'pool') return ringGeometry(sizeBytes, Math.min(MOST_BUFFERS, geometry.slots));
  if (buffer !== 'unbounded' || job !== 'stream') return geometry;
  return ringGeometry(sizeBytes, growingSlots(geometry.slots, geometry.strideBytes, mostBytes));
}

function checkGrowth(
  { sync, sizeBytes, group }: LoadOptions,
  isGrowing: boolean,
  mostBlocks: number,
  blockBytes: number,
): LoadProblem | undefined {
  if (!isGrowing) return undefined;
  if (!GROWING.has(sync)) {
    const why = 'its counters and flags are of one ring: they are a bound themselves';
    return problem('refused', `An unbounded buffer cannot be had in mode ${sync}: ${why}. Use futex or spin.`);
  }
  if (group > 1) return problem('refused', 'An unbounded buffer takes no groups (--group).');
  if (mostBlocks >= 2) return undefined;
  const least = bytesText(2 * blockBytes);
  return problem('refused', `Messages of ${exactSizeText(sizeBytes)} need --most of at least ${least} to grow.`);
}

function checkMost(
  { mostBytes, pairs, backing }: LoadOptions,
  isGrowing: boolean,
  machine: Machine,
): LoadProblem | undefined {
  if (!isGrowing) return undefined;
  const all = mostBytes * pairs;
  const what = `The buffer may grow to ${bytesText(all)}`;
  if (all > machine.availableBytes * MEMORY_SHARE) {
    const free = bytesText(machine.availableBytes);
    return problem('refused', `${what}, but the machine has only ${free} of memory available. Give less (--most).`);
  }
  if (backing === 'posix' && all > machine.devShmFreeBytes) {
    const free = bytesText(machine.devShmFreeBytes);
    return problem('refused', `${what}, but /dev/shm has only ${free} free. Give less (--most), or use memfd.`);
  }
  return undefined;
}

function checkTransport({ transport, sizeBytes }: LoadOptions): LoadProblem | undefined {
  if (!isQueue(transport) || sizeBytes <= MQ_LIMIT_BYTES) return undefined;
  const { label } = TRANSPORT_WORDS[transport];
  return problem('refused', `A ${label} takes messages of at most ${exactSizeText(MQ_LIMIT_BYTES)} as it comes.`);
}

function checkProcessors(options: LoadOptions, machine: Machine): LoadProblem | undefined {
  const polls = hasRing(options.transport) && POLLING.has(options.sync);
  if (machine.cpus > 1 || !polls) return undefined;
  return problem(
    'refused',
    `Cannot poll (${options.sync}) on one processor: each side would use up its time slice while the other waits. ` +
      'Use futex, or allow a second processor (taskset, cpuset).',
  );
}

function checkRoom(options: LoadOptions, segmentBytes: number, machine: Machine): LoadProblem | undefined {
  const what = `${options.pairs} x ${exactSizeText(options.sizeBytes)} messages need a segment of ${bytesText(segmentBytes)}`;
  const smaller = 'Use smaller messages or fewer pairs.';
  if (segmentBytes > MAX_VIEW_BYTES) {
    return problem('refused', `${what}, and more than 4 GiB cannot be mapped at once. ${smaller}`);
  }
  // Huge pages were set aside before.
  if (!options.huge && segmentBytes > machine.availableBytes * MEMORY_SHARE) {
    const free = bytesText(machine.availableBytes);
    return problem('refused', `${what}, but the machine has only ${free} of memory available. ${smaller}`);
  }
  if (options.backing === 'sysv' && segmentBytes > machine.shmmaxBytes) {
    const limit = bytesText(machine.shmmaxBytes);
    return problem(
      'refused',
      `${what}, but kernel.shmmax allows ${limit}. Use memfd instead, or raise it with sysctl.`,
    );
  }
  if (options.backing === 'posix' && segmentBytes > machine.devShmFreeBytes) {
    const free = bytesText(machine.devShmFreeBytes);
    return problem('refused', `${what}, but /dev/shm has only ${free} free. Use memfd instead, or free some.`);
  }
  return undefined;
}
