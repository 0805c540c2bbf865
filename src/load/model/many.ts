// PURE: a ring of fixed slots that many producers and consumers share: its geometry, where its words lie, and how fair it was.
import { RING_HEADER_BYTES, type RingGeometry, strideOf } from './ring.ts';

/** As many of each as the tables have room for. */
export const MOST_SIDES = 32;

/** Byte offsets in the header of a ring, after the table of growth. */
export const MANY = {
  /** u32 each, by the parent, in every header; 0: this is no such ring. */
  producers: 0x2900,
  consumers: 0x2904,
  /** By a consumer, in its own header, for each producer: f64 messages from it, and i32 the sum of their numbers. */
  counts: 0x2a00,
  sums: 0x2b00,
} as const;

/**
 * Byte offsets from the end of a slot. `turn`, u32: whose turn it is, as in the bounded queue of Vyukov: n for the producer of position
 * n, n + 1 for its consumer. Before it whose message it is, and the how manieth of his.
 */
export const TRAILER = { turn: 4, number: 8, origin: 12, bytes: 16 } as const;

const FOOTPRINT = 1024 ** 2;

/** Each worker has a header of its own; the slots lie behind all of them, at `slotsAt` of the segment. */
export interface ManyGeometry extends RingGeometry {
  readonly slotsAt: number;
  readonly segmentBytes: number;
}

/** For so many headers; ringBytes is that of a header alone. */
export function manyGeometry(sizeBytes: number, rings: number): ManyGeometry {
  const strideBytes = strideOf(sizeBytes + TRAILER.bytes);
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, FOOTPRINT / strideBytes)));
  const slots = Math.min(4096, Math.max(8, fitting));
  const slotsAt = rings * RING_HEADER_BYTES;
  const segmentBytes = slotsAt + Math.ceil((slots * strideBytes) / 4096) * 4096;
  return { sizeBytes, strideBytes, slots, ringBytes: RING_HEADER_BYTES, slotsAt, segmentBytes };
}

export interface Fairness {
  /** Messages of each, since the start. */
  readonly producers: readonly number[];
  readonly consumers: readonly number[];
  /** Jain's index: 1 when all had the same, 1/n when one had all. */
  readonly producerIndex: number;
  readonly consumerIndex: number;
}

/** (sum x)^2 / (n * sum x^2); 1 while nothing moved. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares > 0 ? sum ** 2 / (values.length * squares) : 1;
}

/** What one producer sent and all consumers together got of it. Sums are of message numbers, modulo 2^32. */
export interface Account {
  readonly sent: number;
  readonly got: number;
  readonly gotSum: number;
}

/** Messages that never came, and that came twice, over all producers; exact when only one of both happened to a producer. */
export function settle(accounts: readonly Account[]): { readonly lost: number; readonly repeated: number } {
  let lost = 0;
  let repeated = 0;
  for (const { sent, got, gotSum } of accounts) {
    lost += Math.max(0, sent - got);
    repeated += Math.max(0, got - sent);
    // As many as were sent, but not the same ones.
    if (sent === got && (gotSum | 0) !== sumBelow(sent)) {
      lost++;
      repeated++;
    }
  }
  return { lost, repeated };
}

/** 0 + 1 + … + (count - 1), modulo 2^32, as int32. */
export function sumBelow(count: number): number {
  return Number(BigInt.asIntN(32, (BigInt(count) * (BigInt(count) - 1n)) / 2n));
}
