import { describe, expect, test } from 'vitest';
import { LOAD_FIELDS } from '../../../src/ui/format/load-fields.ts';
import { formatRow } from '../../../src/ui/format/load-rows.ts';
import {
  DAMAGED,
  spellBalance,
  spellChecking,
  spellEnd,
  spellMemcpy,
  spellNoise,
  spellPercentiles,
  spellQueueing,
  spellRing,
  spellSide,
  spellTruth,
} from '../../../src/ui/format/load-words.ts';
import { DAMAGED as DAMAGED_METER, DONE, FAILED, RATED, sampleInterval, sampleMeter } from '../sample-meters.ts';

const TRUE = DONE.truth;

describe('the words of a load', () => {
  test('each shorter form says the same with fewer columns, the last fits beside a label on 40', () => {
    const span = sampleInterval(3, { othersCpuShare: 0.34 });
    const trips = DONE.roundTripNs ?? { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };
    for (const texts of [
      spellMemcpy(DONE, span),
      spellRing(0.47, span),
      spellRing(undefined, span),
      spellSide(span.producer),
      spellQueueing(DONE, span),
      spellPercentiles(trips),
      spellTruth(TRUE, 'sample'),
      spellTruth(TRUE, 'off'),
      spellTruth(DAMAGED_METER.truth, 'sample'),
      spellNoise(span),
      spellChecking(span, 'sample'),
      DAMAGED,
    ]) {
      const lengths = texts.map(({ length }) => length);
      expect(lengths.length).toBeGreaterThan(1);
      expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
      expect(texts.at(-1)?.length, texts.at(-1)).toBeLessThanOrEqual(32);
    }
  });

  test('what is right is said so, and what is wrong with its counts', () => {
    expect(spellTruth(TRUE, 'sample')[0]).toBe('214 M messages, every byte of 13.4 M: nothing torn, lost or reordered');
    expect(spellTruth({ ...TRUE, lost: 2 }, 'sample').every((text) => text.includes('2 LOST'))).toBe(true);
    expect(spellTruth({ ...TRUE, lost: 2 }, 'off')).toEqual(['0 TORN, 2 LOST, 0 REORDERED']);
  });

  test('at a fixed rate the question is whether it is kept, else which side is slower', () => {
    const at = (messagesPerSecond: number) => spellBalance(RATED, sampleInterval(1, { messagesPerSecond }));
    expect(at(795_000)).toBe('the rate offered is kept');
    expect(at(400_000)).toBe('only 50 % of the rate offered is reached');
    expect(spellBalance(DONE, sampleInterval(1))).toBe('the producer is the slower side');
  });

  test('the end of a load is one line: its rates and truth, or why it ended', () => {
    expect(spellEnd(DONE, undefined)).toEqual({
      text: 'Load done: 77.9 M messages/s, 4.99 GB/s; 214 M messages: nothing torn, lost or reordered',
      isGood: true,
    });
    expect(spellEnd(DAMAGED_METER, undefined).isGood).toBe(false);
    expect(spellEnd(FAILED, undefined).text).toContain('was killed by SIGKILL');
    expect(spellEnd(undefined, { kind: 'refused', message: 'no' })).toEqual({ text: 'no', isGood: false });
    expect(spellEnd(undefined, undefined).text).toContain('before anything was measured');
  });
});

test('a row that was cut short does not pass for a whole second', () => {
  const first = (startSec: number, seconds: number) =>
    formatRow(sampleMeter(1).setup, sampleInterval(1, { startSec, seconds }), 120).trim().split(' ')[0];
  expect([first(3, 1.002), first(3, 0.98), first(4, 0.34)]).toEqual(['4', '4', '4.3']);
});

test('the words of the choices fit into the form at 80 columns, and no value is explained twice alike by chance', () => {
  for (const { title, options, about } of LOAD_FIELDS) {
    expect(title.length).toBeLessThanOrEqual(13);
    expect(about.endsWith('.')).toBe(true);
    for (const { text, meaning } of options) {
      expect(text.length).toBeLessThanOrEqual(9);
      expect(meaning.length, meaning).toBeLessThanOrEqual(40);
    }
    expect(new Set(options.map(({ text }) => text)).size).toBe(options.length);
  }
});
