// A removal that takes a while, and keys that are answered meanwhile as fast as ever.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { placeMissing } from '../support/place.ts';
import { confirmAll, expectWhole, MANY, openMany } from '../support/removal-many.ts';
import { RemovalBench, type RemovalPlace } from '../support/removal-place.ts';
import { sleep, type VirtualTerminal } from '../support/terminal.ts';

const missing = placeMissing();

describe.skipIf(missing)(`a removal that takes a while${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let bench: RemovalBench;
  let place: RemovalPlace;
  beforeAll(() => {
    bench = new RemovalBench();
  });
  afterEach(async () => place?.close());
  afterAll(() => bench?.close());

  test('keys are answered meanwhile as fast as ever', async () => {
    const opened = await openMany(bench);
    place = opened.place;
    const { terminal } = opened;
    await confirmAll(terminal, MANY);
    const times: number[] = [];
    while (!terminal.text().includes(`Removed ${MANY} objects`))
      times.push(await latency(terminal, times.length % 2 === 0 ? 'j' : 'k'));
    expect(times.length).toBeGreaterThan(20);
    expect(times.sort((a, b) => a - b)[times.length >> 1]).toBeLessThan(30);
    await expectWhole(place, MANY);
  });
});

/** From the key to anything new on the screen, milliseconds. Waits without spinning: two cores are all there is. */
async function latency(terminal: VirtualTerminal, key: string): Promise<number> {
  const before = terminal.raw.length;
  const startMs = performance.now();
  terminal.type(key);
  while (terminal.raw.length === before && performance.now() - startMs < 2000) await sleep(1);
  return performance.now() - startMs;
}
