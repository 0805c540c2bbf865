// A removal that takes a while: whatever ends the program waits until nothing lies half done.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

  test('2,000 sockets go, and the end is told', async () => {
    place = await bench.open('sockets 2000');
    const terminal = await place.start({ columns: 120, rows: 40 });
    await confirmAll(terminal, 2000);
    await terminal.until('Removed 2000 objects');
    expect(await place.files()).toEqual([]);
    await terminal.until(/nothing abandoned/);
  });

  test('2,000 tagged segments go, and the end is told', async () => {
    place = await bench.open('dead 2000 4096');
    const terminal = await place.start({ columns: 120, rows: 40 });
    terminal.type(' '.repeat(2000));
    await terminal.until('2000 tagged');
    terminal.type('d');
    await terminal.until('Remove 2000 tagged objects?');
    terminal.type('l');
    await terminal.until('▸[ ! Remove 2000 ]');
    terminal.type('\r');
    await terminal.until('Removed 2000 objects', 20_000);
    expect(await place.segments()).toEqual([]);
  });

  describe(`of ${MANY} sockets`, () => {
    let terminal: VirtualTerminal;
    beforeEach(async () => {
      ({ place, terminal } = await openMany(bench));
    });

    const removedOf = (screen: string) => Number(/Removed (\d+) objects/.exec(screen)?.[1]);

    test('its progress is shown, another one waits, and Esc stops it: what is left stays and is told', async () => {
      await confirmAll(terminal, MANY);
      await terminal.until(new RegExp(`Removing [1-9]\\d* of ${MANY} … Esc stops\\.`), 20_000);
      terminal.type('d');
      await sleep(100);
      expect(terminal.text()).not.toMatch(/Remove posix|Removing posix/);
      terminal.type('\x1b');
      const screen = await terminal.until('What became of it');
      const removed = removedOf(screen);
      expect(removed).toBeGreaterThan(0);
      expect(removed).toBeLessThan(MANY);
      expect(screen).toContain(`${MANY - removed} kept`);
      expect(screen).toContain('each was left, since the removal was interrupted');
      await expectWhole(place, removed);
      terminal.type('\x1b');
      await terminal.until((now) => !now.includes('What became of it'));
    });

    test.each([
      ['q', 0, async () => terminal.type('q')],
      ['SIGTERM', 143, async () => place.place.run('kill -TERM $(pgrep -f "^[^ ]*node [^ ]*main.js")')],
      ['SIGHUP', 129, async () => place.place.run('kill -HUP $(pgrep -f "^[^ ]*node [^ ]*main.js")')],
    ])('%s ends the program in good order, and what became of it is printed', async (_, code, end) => {
      await confirmAll(terminal, MANY);
      await terminal.until(new RegExp(`Removing [1-9]\\d* of ${MANY}`), 20_000);
      await end();
      const screen = await terminal.until(/icanon/);
      expect(screen).toContain('PREVIOUS SCREEN');
      expect(screen).toContain(`exit ${code}`);
      expect(screen).not.toContain('-icanon');
      expect(terminal.isAlternate).toBe(false);
      expect(screen).toMatch(/^shmtop: Removed \d+ objects, .* freed; \d+ kept\.$/m);
      await expectWhole(place, removedOf(screen));
    });

    test('Ctrl-Z waits: a program that is stopped half way would keep others from what it is at', async () => {
      await confirmAll(terminal, MANY);
      await terminal.until(new RegExp(`Removing [1-9]\\d* of ${MANY}`), 20_000);
      terminal.type('\x1a');
      await terminal.until(`Removed ${MANY} objects`, 20_000);
      expect(terminal.isAlternate).toBe(true);
      await expectWhole(place, MANY);
    });
  });

  test('SIGTERM in a countdown removes nothing', async () => {
    place = await bench.open('sockets 1');
    const terminal = await place.start();
    terminal.type('d');
    await terminal.until('Removing posix:/socket-0-00000');
    await place.place.run('kill -TERM $(pgrep -f "^[^ ]*node [^ ]*main.js")');
    expect(await terminal.until(/icanon/)).toContain('exit 143');
    await sleep(3200);
    expect(await place.files()).toEqual(['socket-0-00000']);
  });
});
