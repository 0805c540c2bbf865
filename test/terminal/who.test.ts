// A full /dev/shm in a real pty: one key says who fills it, further ones remove what may go, and the remedy is copied.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY } from '../support/lab-host.ts';
import { placeMissing } from '../support/place.ts';
import { RemovalBench, type RemovalPlace } from '../support/removal-place.ts';

const missing = placeMissing();
/** 61 of 64 MB: a worker with two files, and two that nobody holds though somebody may come back to them. */
const FULL = `
fill() { head -c $2 /dev/zero > /dev/shm/$1; }
fill spool-1 22000000; fill spool-2 9000000; fill PostgreSQL.1804289383 24000000; fill render-cache 8000000
cp "$(readlink -f "$(command -v sleep)")" /tmp/etl-worker
/tmp/etl-worker 1000 3<>/dev/shm/spool-1 4<>/dev/shm/spool-2 &
mkdir -p /tmp/cache; mount -t tmpfs -o size=8m cache /tmp/cache; head -c 5000000 /dev/zero > /tmp/cache/plain
`;

describe.skipIf(missing)(`a full /dev/shm${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let bench: RemovalBench;
  let place: RemovalPlace;
  beforeAll(() => {
    bench = new RemovalBench();
  });
  afterEach(async () => place?.close());
  afterAll(() => bench?.close());

  test('one key tells who fills it, at 80x24; Enter leads to the objects and Esc back', async () => {
    place = await bench.open(FULL);
    const terminal = await place.start({ columns: 80, rows: 24 });
    await terminal.until(/! \/dev\/shm 9\d %: w shows who/);
    const startMs = performance.now();
    terminal.type('w');
    await terminal.until(/etl-worker\[\d+\] +29\.6M/);
    expect(performance.now() - startMs).toBeLessThan(4000);
    const screen = await terminal.until(/held by nobody +30\.5M/);
    expect(screen).toContain('who fills /dev/shm, by process');
    expect(screen).not.toContain('plain');
    terminal.type('\x1b[A\x1b[A\r');
    await terminal.until(/process held by nobody/);
    await terminal.until(/posix:\/render-cache/);
    expect(terminal.text()).not.toContain('spool-1');
    terminal.type('\x1b');
    await terminal.until('who fills /dev/shm, by process');
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('d removes what is proven abandoned of an owner and nothing else, and the alarm ends with it', async () => {
    // Of a pid namespace of its own only a socket can be proven: its server is gone, and nobody can ever be behind it again.
    place = await bench.open(`
mount -o remount,nr_inodes=20 /dev/shm
head -c 8000000 /dev/zero > /dev/shm/spool; sleep 1000 3<>/dev/shm/spool &
head -c 1000 /dev/zero > /dev/shm/render-cache
sockets 16`);
    const terminal = await place.start({ columns: 80, rows: 24 });
    await terminal.until(/! \/dev\/shm inodes 9\d %/);
    terminal.type('wg');
    await terminal.until(/held by nobody .* 17 /);
    await terminal.until('d frees 16 names → 15 %');
    terminal.type(' ');
    await terminal.until('16 tagged, frees 16 names → 15 %');
    terminal.type('U');
    await terminal.until((text) => !text.includes('tagged'));
    terminal.type('gd');
    const asked = await terminal.until('Remove all 16 abandoned objects?');
    expect(asked).not.toMatch(/render-cache|spool/);
    expect(asked).toContain('▸[ Cancel ]');
    terminal.type('\r');
    await terminal.until('Nothing was removed.');
    expect(await place.files()).toHaveLength(18);
    terminal.type('gd');
    await terminal.until('Remove all 16 abandoned objects?');
    terminal.type('l\r');
    await terminal.until(/Removed 16 objects/);
    expect(await place.files()).toEqual(['render-cache', 'spool']);
    await terminal.until((text) => !/! \/dev\/shm/.test(text));
    terminal.type('gd');
    await terminal.until('Nothing of it is proven abandoned.');
    expect(await place.files()).toHaveLength(2);
  });

  test('screen 5 names what is no object: files on another tmpfs, and the remainder', async () => {
    place = await bench.open(FULL);
    const terminal = await place.start({ columns: 120, rows: 34 });
    terminal.type('5');
    await terminal.until(/files on \/tmp\/cache +4\.8M/);
    await terminal.until(/by owner/);
    terminal.type('/kind=posix\r');
    await terminal.until((text) => !text.includes('files on'));
    terminal.type('\x1b');
    await terminal.until(/files on \/tmp\/cache/);
    for (const by of ['user', 'software', 'container', 'IPC namespace', 'mount', 'pod', 'unit', 'job', 'process']) {
      terminal.type('t');
      await terminal.until(`by ${by}`);
    }
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('screen 6 has every tmpfs; Enter tells who and what helps, y copies the line as it is to be typed', async () => {
    place = await bench.open(FULL);
    const terminal = await place.start({ columns: 80, rows: 24 });
    terminal.type('6');
    await terminal.until(/▸ \/dev\/shm +━+─* +9\d%/);
    terminal.type('\r');
    const detail = await terminal.until(/WHO FILLS IT/);
    expect(detail).toContain('mount -o remount,size=128M /dev/shm');
    expect(detail).toMatch(/30\.5M.*held by nobody/);
    terminal.type('y');
    await terminal.until('Copied: mount -o remount,size=128M /dev/shm');
    const copied = /\x1b\]52;c;([\w+/=]+)/.exec(terminal.raw)?.[1] ?? '';
    expect(Buffer.from(copied, 'base64').toString()).toBe('mount -o remount,size=128M /dev/shm');
    terminal.type('\x1b');
    await terminal.until(/CEILING/);
    terminal.type('G');
    await terminal.until(/\/tmp\/cache +━/);
    await terminal.until(/▸ message queues/);
    terminal.type('w');
    await terminal.until('No shared memory counts here: ipcs -q');
    terminal.type('gw');
    await terminal.until('who fills /dev/shm, by process');
  });

  test('with --read-only and as an ordinary user it tells the same and offers no removal', async () => {
    place = await bench.open(FULL);
    const terminal = await place.start({ columns: 80, rows: 24, words: ['--read-only'], uid: NOBODY });
    await terminal.until(/! \/dev\/shm 9\d %: w shows who/);
    terminal.type('w');
    // Who holds it cannot be seen by an ordinary user, which is not that nobody does.
    const screen = await terminal.until(/holders not seen +60\.\dM/);
    expect(screen).toContain('who fills /dev/shm, by process');
    expect(screen).not.toMatch(/held by nobody|frees/);
    terminal.type('dD t');
    await terminal.until('root  ');
    expect(terminal.text()).not.toMatch(/Remove|Removing/);
    expect(await place.files()).toHaveLength(4);
  });
});
