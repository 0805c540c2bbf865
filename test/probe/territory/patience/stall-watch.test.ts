// The word of patience as another thread sees it: a read that does not end is told once, with its pid; many short ones never.
import { afterEach, expect, test } from 'vitest';
import {
  beginPatientRead,
  endPatientRead,
  readPatiently,
  showStallsIn,
} from '../../../../src/probe/territory/patience/patience.ts';
import { StallWatch } from '../../../../src/probe/territory/patience/stall-watch.ts';
import { sleep } from '../../../support/terminal.ts';

let watch: StallWatch | undefined;
afterEach(() => watch?.stop());

function watched(): number[] {
  const told: number[] = [];
  watch = new StallWatch((pid) => told.push(pid));
  showStallsIn(watch.words);
  return told;
}

test('one read that does not end is told once, after a second', async () => {
  const told = watched();
  beginPatientRead(4711);
  await sleep(700);
  expect(told).toEqual([]);
  await sleep(1500);
  expect(told).toEqual([4711]);
  endPatientRead();
});

test('reads one after the other, of one process too, are none', async () => {
  const told = watched();
  for (let round = 0; round < 15; round++) {
    beginPatientRead(4711);
    await sleep(100);
    endPatientRead();
  }
  expect(() =>
    readPatiently(4711, () => {
      throw new Error('of the reading');
    }),
  ).toThrow('of the reading');
  await sleep(1500);
  expect(told).toEqual([]);
});
