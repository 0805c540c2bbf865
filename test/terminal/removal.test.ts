// Removal by key in a real pty over real objects: what goes, what stays, and what is said. The kernel is asked, not shmtop.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY } from '../support/lab-host.ts';
import { placeMissing } from '../support/place.ts';
import { RemovalBench, type RemovalPlace } from '../support/removal-place.ts';
import { sleep, type VirtualTerminal } from '../support/terminal.ts';

const missing = placeMissing();
const FILES = 'for name in a b c; do head -c 8192 /dev/zero > /dev/shm/$name; done';
const HELD = 'head -c 8192 /dev/zero > /dev/shm/held; sleep 1000 3<>/dev/shm/held &';

describe.skipIf(missing)(`removal by key${missing ? ` (skipped: ${missing})` : ''}`, { concurrent: true }, () => {
  let bench: RemovalBench;
  const places: RemovalPlace[] = [];
  beforeAll(() => {
    bench = new RemovalBench();
  });
  afterAll(async () => {
    await Promise.all(places.map((place) => place.close()));
    bench?.close();
  });
  /** A place of its own for each test: most of them wait for a countdown, and do so beside each other. */
  async function open(script: string): Promise<RemovalPlace> {
    const place = await bench.open(script);
    places.push(place);
    return place;
  }

  /** Shows and selects only what passes the filter. */
  async function only(terminal: VirtualTerminal, filter: string): Promise<void> {
    terminal.type(`/${filter}`);
    await terminal.until(`Filter: ${filter}`);
    terminal.type('\r');
    await terminal.until(`filter: ${filter}`);
  }

  describe('on one abandoned socket', () => {
    const SOCKET = 'posix:/socket-0-00000';

    test.each([
      ['d', 'd'],
      ['F9', '\x1b[20~'],
      ['Del', '\x1b[3~'],
    ])('%s counts down three seconds, then it is gone, and only it', async (_, key) => {
      const place = await open('sockets 3');
      const terminal = await place.start({ words: ['-d', '60'] });
      const before = await place.files();
      terminal.type(key);
      const startMs = Date.now();
      await terminal.until(/^ 3 {2}Removing posix:\/socket-0-\d+\. Enter: at once\. Esc: keep it\./m);
      await terminal.until(/^ 2 {2}Removing/m);
      await terminal.until(/^ 1 {2}Removing/m);
      expect(await place.files()).toEqual(before);
      const screen = await terminal.until(/Removed posix:\/socket-0-\d+\b/);
      expect(Date.now() - startMs).toBeGreaterThan(2800);
      const name = /Removed posix:\/(socket-0-\d+)/.exec(screen)?.[1];
      expect(await place.files()).toEqual(before.filter((one) => one !== name));
      expect(place.journal()).toMatch(new RegExp(`"event":"begun".*"by":"dashboard".*"shortId":"posix:/${name}"`));
      await terminal.until(/abandoned 2\b/); // the table was sampled at once, and not when a minute was over
    });

    test('Enter removes it at once', async () => {
      const place = await open('sockets 1');
      const terminal = await place.start();
      terminal.type('d');
      await terminal.until('Removing');
      await sleep(300);
      const startMs = Date.now();
      terminal.type('\r');
      await terminal.until(`Removed ${SOCKET}`);
      expect(Date.now() - startMs).toBeLessThan(2000);
      expect(await place.files()).toEqual([]);
    });

    test('Esc keeps it and says so; so does whoever opens it meanwhile', async () => {
      const place = await open('sockets 1');
      const terminal = await place.start();
      terminal.type('d');
      await terminal.until('Removing');
      terminal.type('\x1b');
      await terminal.until(`Kept ${SOCKET}.`);
      await sleep(3500);
      expect(await place.files()).toHaveLength(1);
      terminal.type('d');
      await terminal.until('Removing');
      await place.run('pin /dev/shm/socket-0-00000; sleep 0.1');
      await terminal.until(`Kept ${SOCKET}: it is in-use now.`);
      await sleep(3000);
      expect(await place.files()).toHaveLength(1);
    });

    test('a server that comes again meanwhile keeps its new socket', async () => {
      const place = await open('sockets 1');
      const terminal = await place.start();
      terminal.type('d');
      await terminal.until('Removing');
      await place.run('rm /dev/shm/socket-0-00000; sockets 1');
      await sleep(4000);
      expect(await place.files()).toHaveLength(1);
      expect(terminal.text()).not.toContain('Removed');
    });

    test('q in a countdown quits and removes nothing', async () => {
      const place = await open('sockets 1');
      const terminal = await place.start();
      terminal.type('d');
      await terminal.until('Removing');
      terminal.type('q');
      expect(await terminal.until(/icanon/)).toContain('exit 0');
      await sleep(3200);
      expect(await place.files()).toHaveLength(1);
    });

    test('confirm = "ask" asks instead', async () => {
      const place = await open('sockets 1');
      const terminal = await place.start({ config: 'confirm = "ask"\n' });
      terminal.type('d');
      await terminal.until(`Remove ${SOCKET}?`);
      await sleep(3500);
      terminal.type('\r');
      await terminal.until('Nothing was removed.');
      expect(await place.files()).toHaveLength(1);
    });
  });

  test('on an unheld file Enter alone removes nothing; Remove, chosen, removes it and nothing beside it', async () => {
    const place = await open(FILES);
    const terminal = await place.start();
    await only(terminal, 'name=/b');
    terminal.type('d');
    const screen = await terminal.until('Remove posix:/b?');
    expect(screen).toContain('somebody may come back for it');
    expect(screen).toContain('▸[ Cancel ]');
    terminal.type('\r');
    await terminal.until('Nothing was removed.');
    expect(await place.files()).toEqual(['a', 'b', 'c']);
    terminal.type('d');
    await terminal.until('Remove posix:/b?');
    terminal.resize(40, 10); // while it is open
    await terminal.until((now) => now.startsWith('╭ Remove posix:/b?'));
    terminal.resize(100, 30);
    await terminal.until((now) => now.includes('Remove posix:/b?') && now.includes('VERDICT'));
    terminal.type('l');
    await terminal.until('▸[ ! Remove ]');
    terminal.type('\r');
    await terminal.until('Removed posix:/b, 8.0K freed.');
    expect(await place.files()).toEqual(['a', 'c']);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('tagged rows go together, what is held among them stays and is named, and its tag too', async () => {
    const place = await open(`dead 2 16384\n${FILES}\n${HELD}`);
    const terminal = await place.start({ columns: 120, rows: 40 });
    terminal.type('G \x1b[A\x1b[A  '); // held, b, c: the last rows
    await terminal.until('3 tagged');
    terminal.type('gd');
    const screen = await terminal.until(/Remove 2 of 3 tagged objects\?/);
    expect(screen).toMatch(
      /1 stays:\s[\s\S]*posix:\/held[\s\S]*It is in use: end the processes[\s\S]*held by \d+ \(sleep\)/,
    );
    terminal.type('\t');
    await terminal.until('▸[ ! Remove 2 ]');
    terminal.type('\r');
    await terminal.until('Removed 2 objects, 16.0K freed.');
    await terminal.until((now) => /unheld 1\b/.test(now));
    expect((await place.files()).includes('held')).toBe(true);
    expect(await place.files()).toHaveLength(2);
    expect(await place.segments()).toEqual([0, 1]);
  });

  test('what is in use is refused; its ID, typed, marks a segment: it stays until its holder lets go', async () => {
    const place = await open('dead 1 16384; attach 0; sleep 0.2');
    const terminal = await place.start({ columns: 100, rows: 30 });
    terminal.type('d');
    const screen = await terminal.until('sysv:0 is in use');
    expect(screen).toMatch(/Held by \d+ \(racer\)/);
    expect(screen).toContain('marked for destruction');
    terminal.type('\r');
    await terminal.until((now) => !now.includes('is in use'));
    terminal.type('d');
    await terminal.until('sysv:0 is in use');
    terminal.type('l\r');
    await terminal.until('type its ID');
    terminal.type('\r');
    await terminal.until('That is not its ID');
    terminal.type('sysv:0\r'); // in one piece, as a terminal without bracketed paste hands over a paste
    await terminal.until('as fast as a paste');
    terminal.type('\x15');
    terminal.type('\x1b[200~sysv:0\r\x1b[201~');
    await terminal.until(/▸ sysv:0 /);
    await sleep(300);
    expect((await place.modes()).get(0)).toBe('600');
    terminal.type('\r');
    await terminal.until('Marked sysv:0 for destruction: its memory goes with its last holder.');
    expect((await place.modes()).get(0)).toBe('1600');
    await terminal.until(/dest/, 3000);
    terminal.type('d');
    expect(
      await terminal.until('sysv:0 is in use|sysv:0 stays'.includes('|') ? /sysv:0 (is in use|stays)/ : ''),
    ).toContain('[ Close ]');
  });

  test('D lists all that is abandoned and removes it, and nothing else', async () => {
    const place = await open(`sockets 5\ndead 2 16384\n${FILES}\n${HELD}\npin /dev/shm/socket-0-00002; sleep 0.1`);
    const terminal = await place.start({ columns: 100, rows: 30 });
    terminal.type('D');
    const screen = await terminal.until('Remove all 4 abandoned objects?');
    for (const at of [0, 1, 3, 4])
      expect(screen).toMatch(new RegExp(`posix:/socket-0-0000${at} .*no process listens on this socket`));
    terminal.type('\x1b[C');
    await terminal.until('▸[ ! Remove 4 ]');
    terminal.type('\r');
    await terminal.until('Removed 4 objects');
    expect(await place.segments()).toEqual([0, 1]);
    expect(await place.files()).toEqual(['a', 'b', 'c', 'held', 'socket-0-00002']);
    await terminal.until(/abandoned 0\b|^(?!.*abandoned \d)/m);
    terminal.type('D');
    await terminal.until('Nothing is abandoned.');
  });

  test('hostile names are shown escaped and remove exactly themselves', async () => {
    const names = [
      '\\033[31mred\\033]52;c;eA==\\007',
      'two\\nlines',
      '\\342\\200\\256txt',
      '*',
      '-rf',
      'x'.repeat(254),
    ];
    // Beside each a sentinel: the same name after an s.
    const make = names.map((name) => `: > "$(printf '/dev/shm/${name}')"; : > "$(printf '/dev/shm/s${name}')"`);
    const place = await open(make.join('\n'));
    const sentinels = (await place.files()).filter((name) => name.startsWith('s'));
    expect(sentinels).toHaveLength(6);
    const terminal = await place.start({ columns: 120, rows: 40 });
    for (const [at, id] of [
      '\\x1b[31mred\\x1b]52;',
      'two\\x0alines',
      '\\xe2\\x80\\xaetxt',
      '*',
      '-rf',
      'xxx',
    ].entries()) {
      terminal.type('\x1bOR');
      await terminal.until('Search:');
      terminal.type(`\x15posix:/${id}`);
      await terminal.until(`Search: posix:/${id}`);
      terminal.type('\r');
      await terminal.until((screen) => !screen.includes('Search:'));
      terminal.type('d');
      await terminal.until(`Remove posix:/${id}`);
      terminal.type('l');
      await terminal.until('▸[ ! Remove ]');
      terminal.type('\r');
      await terminal.until(`Removed posix:/${id}`);
      expect(await place.files()).toHaveLength(11 - at);
    }
    expect(await place.files()).toEqual(sentinels);
    expect(terminal.raw).not.toContain('\x1b]52');
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('what comes alive between the question and its answer is refused, and stays as it was', async () => {
    const place = await open('dead 1 16384');
    const terminal = await place.start({ columns: 120, rows: 30, config: 'confirm = "ask"\n' });
    terminal.type('dl');
    await terminal.until('▸[ ! Remove ]');
    await place.attach(0);
    await sleep(1500); // ticks go on below
    terminal.type('\r');
    await terminal.until('Kept: sysv:0 changed since it was listed (somebody attached it): look at it again first.');
    expect((await place.modes()).get(0)).toBe('600');
  });

  test('what the never-touch list names stays whatever key is pressed, also when the line came while it was listed', async () => {
    const place = await open('sockets 2');
    const terminal = await place.start({ columns: 120, rows: 30, config: '[never]\nnames = ["/socket-*"]\n' });
    await terminal.until('○ unheld');
    terminal.type('d');
    await terminal.until('is on the never-touch list: names "/socket-*"');
    terminal.type('\r');
    await sleep(200);
    terminal.type('D');
    await terminal.until('Nothing is abandoned.');
    terminal.type('q');
    await terminal.until('exit 0');
    const later = await place.start({ columns: 120, rows: 30, config: '' });
    await later.until('✗ abandoned');
    place.configure('[never]\nnames = ["/socket-*"]\n');
    later.type('d');
    await later.until('Kept: posix:', 10_000);
    expect(await place.files()).toHaveLength(2);
  });

  test('with --read-only, or read_only in the settings, no key of removal is bound', async () => {
    const place = await open('dead 1 16384');
    for (const options of [{ words: ['--read-only'] }, { config: 'read_only = true\n' }]) {
      const terminal = await place.start({ columns: 120, rows: 40, ...options });
      expect(terminal.text()).not.toContain('Remove');
      for (const key of ['d', 'D', '\x1b[20~', '\x1b[3~', ' ', 'd', '\r']) {
        terminal.type(key);
        await sleep(60);
      }
      expect(terminal.text()).not.toMatch(/Removing|╭/);
      terminal.type('?');
      await terminal.until('Help: / finds');
      terminal.type('/remov\r');
      await terminal.until(/Help on "remov"/);
      expect(terminal.text()).not.toMatch(/at once|mark Cancel|F9/);
    }
    await sleep(3300); // a countdown of either would be over
    expect(await place.segments()).toEqual([0]);
  });

  test('an ordinary user is told of each object that is not his, and his own goes', async () => {
    const place = await open(`printf 'sockets 2 0\\nsockets 1 ${NOBODY}\\n' | $racer >/dev/null; aged`);
    const terminal = await place.start({ columns: 110, rows: 30, uid: NOBODY });
    terminal.type('D');
    const asked = await terminal.until('Remove 1 abandoned object?');
    expect(asked).toContain('2 more of other users stay: run as their owner or as root.');
    terminal.type('l\r');
    await terminal.until(`Removed posix:/socket-${NOBODY}-00000`);
    await terminal.until(/1 of 2\s*$/m); // until then it is listed
    terminal.type('D');
    await terminal.until('2 abandoned, of other users: run as their owner or as root.');
    terminal.type('gd');
    await terminal.until(/It belongs to another user \(0\): run as its owner or as root\./);
    terminal.type('l\r');
    await terminal.until((now) => !now.includes('another user'));
    expect(await place.files()).toEqual(['socket-0-00000', 'socket-0-00001']);
    expect(place.journal(NOBODY)).toContain('"user":"nobody"');
  });
});
