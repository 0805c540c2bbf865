// A removal that takes a while: keys are answered meanwhile, and whatever ends the program waits until nothing lies half done.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { placeMissing } from '../support/place.ts';
import { RemovalBench, type RemovalPlace } from '../support/removal-place.ts';
import { sleep, type VirtualTerminal } from '../support/terminal.ts';

const missing = placeMissing();
const MANY = 20_000;

describe.skipIf(missing)(`a removal that takes a while${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let bench: RemovalBench;
  let place: RemovalPlace;
  beforeAll(() => {
    bench = new RemovalBench();
  });
  afterEach(async () => place?.close());
  afterAll(() => bench?.close());

  test('2,000 segments go, and the end is told', async () => {
    place = await bench.open('dead 2000 4096');
    const terminal = await place.start({ columns: 120, rows: 40 });
    await confirmAll(terminal, 2000);
    await terminal.until('Removed 2000 objects');
    expect(await place.segments()).toEqual([]);
    await terminal.until(/nothing abandoned/);
  });

  describe('of 20,000 segments', () => {
    let terminal: VirtualTerminal;
    beforeEach(async () => {
      place = await bench.open(`echo 32768 > /proc/sys/kernel/shmmni; dead ${MANY} 4096`);
      terminal = await place.start({ columns: 120, rows: 40 });
      await terminal.until(new RegExp(`1 of ${MANY}`), 20_000);
    });

    /** Nothing was left half done: no segment without permissions, no beginning in the journal without an end. */
    async function expectWhole(removed: number): Promise<void> {
      const modes = await place.modes();
      expect(modes.size).toBe(MANY - removed);
      expect([...modes.values()].every((mode) => mode === '600')).toBe(true);
      const events = place
        .journal()
        .trim()
        .split('\n')
        .map((line): { event: string } => JSON.parse(line));
      const begun = events.filter(({ event }) => event === 'begun').length;
      expect(events.filter(({ event }) => event === 'done')).toHaveLength(removed);
      expect(events).toHaveLength(2 * begun);
    }
    const removedOf = (screen: string) => Number(/Removed (\d+) objects/.exec(screen)?.[1]);

    test('keys are answered meanwhile as fast as ever', async () => {
      await confirmAll(terminal, MANY);
      const times: number[] = [];
      while (!terminal.text().includes('Removed 20000 objects'))
        times.push(await latency(terminal, times.length % 2 === 0 ? 'j' : 'k'));
      expect(times.length).toBeGreaterThan(20);
      expect(times.sort((a, b) => a - b)[times.length >> 1]).toBeLessThan(30);
      await expectWhole(MANY);
    });

    test('its progress is shown, another one waits, and Esc stops it: what is left stays and is told', async () => {
      await confirmAll(terminal, MANY);
      await terminal.until(/Removing [1-9]\d* of 20000 … Esc stops\./);
      terminal.type('d');
      await sleep(100);
      expect(terminal.text()).not.toMatch(/Remove sysv|Removing sysv/);
      terminal.type('\x1b');
      const screen = await terminal.until('What became of it');
      const removed = removedOf(screen);
      expect(removed).toBeGreaterThan(0);
      expect(removed).toBeLessThan(MANY);
      expect(screen).toContain(`${MANY - removed} kept`);
      expect(screen).toContain('each was left, since the removal was interrupted');
      await expectWhole(removed);
      terminal.type('\x1b');
      await terminal.until((now) => !now.includes('What became of it'));
    });

    test.each([
      ['q', 0, async () => terminal.type('q')],
      ['SIGTERM', 143, async () => place.place.run('kill -TERM $(pgrep -f "^[^ ]*node [^ ]*main.js")')],
      ['SIGHUP', 129, async () => place.place.run('kill -HUP $(pgrep -f "^[^ ]*node [^ ]*main.js")')],
    ])('%s ends the program in good order, and what became of it is printed', async (_, code, end) => {
      await confirmAll(terminal, MANY);
      await terminal.until(/Removing [1-9]\d* of 20000/);
      await end();
      const screen = await terminal.until(/icanon/);
      expect(screen).toContain('PREVIOUS SCREEN');
      expect(screen).toContain(`exit ${code}`);
      expect(screen).not.toContain('-icanon');
      expect(terminal.isAlternate).toBe(false);
      expect(screen).toMatch(/^shmtop: Removed \d+ objects, .* freed; \d+ kept\.$/m);
      await expectWhole(removedOf(screen));
    });

    test('Ctrl-Z waits: a program that is stopped half way would keep others from what it is at', async () => {
      await confirmAll(terminal, MANY);
      await terminal.until(/Removing [1-9]\d* of 20000/);
      terminal.type('\x1a');
      await terminal.until('Removed 20000 objects', 20_000);
      expect(terminal.isAlternate).toBe(true);
      await expectWhole(MANY);
    });
  });

  test('SIGTERM in a countdown removes nothing', async () => {
    place = await bench.open('dead 1 4096');
    const terminal = await place.start();
    terminal.type('d');
    await terminal.until('Removing sysv:0');
    await place.place.run('kill -TERM $(pgrep -f "^[^ ]*node [^ ]*main.js")');
    expect(await terminal.until(/icanon/)).toContain('exit 143');
    await sleep(3200);
    expect(await place.segments()).toEqual([0]);
  });
});

async function confirmAll(terminal: VirtualTerminal, count: number): Promise<void> {
  terminal.type('D');
  await terminal.until(`Remove all ${count} abandoned objects?`);
  terminal.type('l');
  await terminal.until(`▸[ ! Remove ${count} ]`);
  terminal.type('\r');
}

/** From the key to anything new on the screen, milliseconds. Waits without spinning: two cores are all there is. */
async function latency(terminal: VirtualTerminal, key: string): Promise<number> {
  const before = terminal.raw.length;
  const startMs = performance.now();
  terminal.type(key);
  while (terminal.raw.length === before && performance.now() - startMs < 2000) await sleep(1);
  return performance.now() - startMs;
}
