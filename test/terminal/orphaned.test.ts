// What is orphaned, in a real pty over real objects: told apart, asked about with its evidence, and never taken with D.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { placeMissing } from '../support/place.ts';
import { RemovalBench, type RemovalPlace } from '../support/removal-place.ts';

const missing = placeMissing();

describe.skipIf(missing)(`an orphaned segment${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let bench: RemovalBench;
  let place: RemovalPlace;
  beforeAll(() => {
    bench = new RemovalBench();
  });
  afterEach(async () => place?.close());
  afterAll(() => bench?.close());

  test('is asked about with what speaks for a leak and what for a return; Enter alone keeps it, Remove takes it', async () => {
    place = await bench.open('dead 2 16384');
    const terminal = await place.start({ columns: 100, rows: 30 });
    await terminal.until(/△ orphaned +sysv:0/);
    terminal.type('d');
    const asked = await terminal.until('Remove sysv:0?');
    expect(asked).toMatch(/orphaned: nobody holds it and all that is known says/);
    expect(asked).toMatch(/speaks for a leak:/);
    expect(asked).toMatch(/• creator \d+ is gone/);
    expect(asked).toMatch(/speaks for a return:/);
    expect(asked).toContain('▸[ Cancel ]');
    terminal.type('\r');
    await terminal.until('Nothing was removed.');
    expect(await place.segments()).toEqual([0, 1]);
    terminal.type('d');
    await terminal.until('Remove sysv:0?');
    terminal.type('l');
    await terminal.until('▸[ ! Remove ]');
    terminal.type('\r');
    await terminal.until(/Removed sysv:0, .* freed\./);
    expect(await place.segments()).toEqual([1]);
  });

  test('is not taken by D, stays with o, and its details say that nothing was watched', async () => {
    place = await bench.open('dead 1 16384');
    const terminal = await place.start({ columns: 100, rows: 40 });
    await terminal.until(/orphaned 1\b/);
    terminal.type('D');
    await terminal.until('Nothing is abandoned.');
    terminal.type('o');
    await terminal.until('only what nobody holds');
    await terminal.until(/△ orphaned +sysv:0/);
    terminal.type('\r');
    await terminal.until('Nothing was watched: shmtop witness');
    expect(await place.segments()).toEqual([0]);
  });
});
