// What `shmtop show` says of one object, and its hexdump.
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import {
  DESKTOP,
  HOSTILE,
  HOSTILE_OBJECTS,
  memfd,
  NOW_SEC,
  OWN_IPC,
  SERVER,
  segment,
  snapshotOf,
  UNPRIVILEGED,
} from './examples.ts';
import { fakeWorld } from './fake-context.ts';

async function show(snapshot: Snapshot, argv: readonly string[], options: Parameters<typeof fakeWorld>[1] = {}) {
  const world = fakeWorld(snapshot, options);
  const exitCode = await runProgram(['show', ...argv], world.context);
  return { exitCode, out: world.out(), err: world.err(), lines: world.out().split('\n'), requests: world.requests };
}

describe('the text', () => {
  it('begins with what it is and the verdict in one sentence, then why, then what removal does', async () => {
    const { out, exitCode } = await show(SERVER, ['posix:/psm_6a16b91e'], { columns: 80 });
    expect(exitCode).toBe(0);
    expect(out.slice(0, out.indexOf('Software'))).toBe(`\
✗ abandoned: posix:/psm_6a16b91e is a POSIX shared memory object of alice, 2.0G;
  nobody holds it, and it is proven that nobody will come back for it.

Why         • the kernel confirms that nobody has it open or mapped (lease
              granted)
            speaks for a leak:
            • Python shared_memory leaves such an object behind only when it was
              killed: none of its processes runs
If removed  Its name and its memory go at once.
            That frees 1.4G.
            It breaks: attaching by name.
`);
  });

  it('lists holders with user, command, access and addresses, and their descriptors', async () => {
    const { out } = await show(SERVER, ['sysv:4']);
    expect(out).toMatch(/^● in-use: sysv:4 is a System V segment of postgres, 56 bytes; 6 processes hold it\.$/m);
    expect(out).toMatch(/^812 {2}postgres {2}postgres {2}read-write {2}0x7f12032c0000-0x7f12032c1000 {4}4\.0K$/m);
    const memory = await show(SERVER, ['memfd:0:1:1044']);
    expect(memory.out).toMatch(/^900 {2}alice {2}pulseaudio {2}open {8}fd 12 /m);
    expect(memory.out).toContain('; 1 process holds it.');
  });

  it('gives identity, size, owner, makers and times, absolute and relative', async () => {
    const { out } = await show(SERVER, ['sysv:4']);
    for (const text of [
      `id sysv:${OWN_IPC}:4`,
      'key 0x00000006',
      `IPC namespace ${OWN_IPC} (ours)`,
      '56 bytes in length',
      '4.0K (4096 bytes) in memory, 0 bytes in swap',
      'postgres (26), group postgres (26)',
      'permissions 600 (rw-------)',
      'creator 812 (postgres) is alive',
      'last user 817 (postgres) is alive',
      '3d04h ago',
      '20m ago',
      'It breaks: the guard against two servers on one data directory.',
      'Clean-up: end all server processes',
    ]) {
      expect(out).toContain(text);
    }
  });

  it('says beside the hex what a key spells', async () => {
    const spelling = { ...SERVER, objects: [segment(4, { key: '0x47505344' })] };
    expect((await show(spelling, ['sysv:4'])).out).toContain('key 0x47505344 (spells GPSD)');
  });

  it('explains dest segments, foreign namespaces, links and clocks that went back', async () => {
    expect((await show(DESKTOP, ['sysv:40'])).out).toContain(
      'dest: marked for destruction, goes with its last mapping',
    );
    expect((await show(DESKTOP, ['sysv:40'])).out).toContain('Nothing changes: it is marked for destruction already');
    const foreign = segment(7, { id: 'sysv:42:7', shortId: 'sysv:7@42', ipcNamespace: '42', ctimeSec: NOW_SEC + 500 });
    const { out } = await show(snapshotOf([foreign]), ['sysv:7@42']);
    expect(out).toContain('IPC namespace 42 (not ours)');
    expect(out).toContain('in the future: the clock was set');
  });

  it('says what could not be seen', async () => {
    const { out } = await show(UNPRIVILEGED, ['sysv:4']);
    expect(out).toContain('nobody that can be seen: 6 mappings in processes that could not be looked into');
    expect(out).toContain('3 of 212 processes could not be looked into (permission denied)');
    expect((await show(UNPRIVILEGED, ['posix:/torch_111_2410981031_0'])).out).toContain('unless somebody holds it who');
  });

  it.each([30, 60, 80, 200])('fits into %d columns where its words do, and is never raw', async (columns) => {
    for (const { shortId } of HOSTILE_OBJECTS) {
      const { out, exitCode } = await show(HOSTILE, [shortId], { columns });
      expect(exitCode).toBe(0);
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
    for (const { shortId } of SERVER.objects) {
      const { lines } = await show(SERVER, [shortId], { columns: Math.max(60, columns) });
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(60, columns));
    }
  });

  it('separates several objects and reports the one that is missing', async () => {
    const { exitCode, lines, err } = await show(SERVER, [
      'sysv:4',
      'sysv:5',
      '/psm_6a16b91e',
      '/dev/shm/psm_6a16b91e',
      '0x4d2',
    ]);
    expect(exitCode).toBe(1);
    expect(err).toBe('shmtop: there is no shared memory object sysv:5 (see shmtop ls)\n');
    expect(lines.filter((line) => /^[●✗○?] /u.test(line))).toHaveLength(4);
  });
});

describe('IDs', () => {
  it('that mean several objects are refused with the candidates', async () => {
    const twins = [
      segment(1, { id: 'sysv:42:1', shortId: 'sysv:1@42', ipcNamespace: '42', key: '0x00000077' }),
      segment(2, { id: 'sysv:43:2', shortId: 'sysv:2@43', ipcNamespace: '43', key: '0x00000077' }),
    ];
    const { exitCode, err } = await show(snapshotOf(twins), ['0x77']);
    expect(exitCode).toBe(1);
    expect(err).toBe('shmtop: 0x77 means 2 objects: name one of sysv:1@42, sysv:2@43\n');
    const own = segment(3, { key: '0x00000077' });
    expect((await show(snapshotOf([...twins, own]), ['0x77'])).out).toContain('sysv:3 is');
    expect((await show(snapshotOf(twins), ['0x0'])).exitCode).toBe(1);
  });

  it('that are none are told what one looks like', async () => {
    const { exitCode, err } = await show(SERVER, ['psm_6a16b91e']);
    expect(exitCode).toBe(1);
    expect(err).toContain("'psm_6a16b91e' is no ID: did you mean posix:/psm_6a16b91e?");
    expect((await show(SERVER, ['psm_6a'])).err).toContain('is no ID: IDs look like sysv:5, posix:/name or 0x5301');
    const missing = await show(SERVER, []);
    expect([missing.exitCode, missing.err]).toEqual([
      2,
      'shmtop: show needs ID, such as sysv:5 or posix:/name. See shmtop show --help\n',
    ]);
  });

  it('of mapped files make the probe look at files', async () => {
    expect((await show(SERVER, ['file:8:1:5'])).requests[0]?.includeFiles).toBe(true);
    expect((await show(SERVER, ['sysv:4'])).requests[0]?.includeFiles).toBe(false);
  });
});

describe('--json', () => {
  it('is one object a line with its removal', async () => {
    const { out } = await show(SERVER, ['sysv:4', 'posix:/psm_6a16b91e', '--json']);
    const [first, second] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      id: `sysv:${OWN_IPC}:4`,
      removal: {
        outcome: 'freed-later',
        call: 'IPC_RMID',
        freedBytes: 4096,
        holderPids: [812, 813, 814, 815, 816, 817],
      },
    });
    expect(second.removal).toEqual({
      outcome: 'freed-now',
      call: 'unlink',
      freedBytes: 1_503_238_553,
      holderPids: [],
      text: 'Its name and its memory go at once.',
    });
  });
});

describe('what could not be seen', () => {
  it('goes to standard error where the output is for a program', async () => {
    const { out, err, exitCode } = await show(UNPRIVILEGED, ['sysv:4', '--json']);
    expect([out.split('\n').length, exitCode]).toEqual([2, 0]);
    expect(err).toBe(
      'shmtop: 3 of 212 processes could not be looked into (permission denied): run as root to see what they hold.\n',
    );
    expect((await show(SERVER, ['sysv:4', '--json'])).err).toBe('');
    expect((await show(UNPRIVILEGED, ['sysv:4'])).err).toBe('');
  });
});

describe('--hex', () => {
  const content = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
  const peek = (_: unknown, offset: number, length: number) => ({
    bytes: content.subarray(offset, offset + length),
    via: 'its name, without touching the access time',
  });
  const object = memfd('memfd:x', 9, { sizeBytes: content.length });

  it('dumps 256 bytes from the start, or what was asked for', async () => {
    const { lines, exitCode } = await show(snapshotOf([object]), ['memfd:0:1:9', '--hex'], { peek });
    expect(exitCode).toBe(0);
    expect(lines[0]).toBe(
      'memfd:0:1:9 of 200000 bytes, from byte 0, read through its name, without touching the access time',
    );
    expect(lines).toHaveLength(1 + 16 + 1 + 1);
    const part = await show(snapshotOf([object]), ['memfd:0:1:9', '--hex', '--offset', '4K', '--length=0x'], { peek });
    expect(part.exitCode).toBe(2);
    const some = await show(snapshotOf([object]), ['memfd:0:1:9', '--hex', '--offset', '4K', '--length=20'], { peek });
    expect(some.lines[1]).toMatch(/^00001000 {2}50 51 52 /);
    expect(some.lines[3]).toBe('00001014');
  });

  it('reads on until the end of the object', async () => {
    const { lines } = await show(snapshotOf([object]), ['memfd:0:1:9', '--hex', '--length', '1G'], { peek });
    expect(lines.at(-2)).toBe((200_000).toString(16).padStart(8, '0'));
  });

  it('says why it cannot, and exits with 1', async () => {
    const refused = await show(snapshotOf([object]), ['memfd:0:1:9', '--hex'], {
      peek: () => ({ refused: 'nobody maps it', advice: 'attach to it yourself' }),
    });
    expect([refused.exitCode, refused.out]).toEqual([1, '']);
    expect(refused.err).toBe(
      'shmtop: the content of memfd:0:1:9 cannot be read: nobody maps it (attach to it yourself)\n',
    );
  });

  it('of several objects leaves an empty line between dumps only', async () => {
    const other = memfd('memfd:y', 10, { sizeBytes: 16 });
    const closed = memfd('memfd:z', 11);
    const world = await show(
      snapshotOf([object, other, closed]),
      ['memfd:0:1:11', 'memfd:0:1:9', 'memfd:0:1:11', 'memfd:0:1:10', '--hex', '--length', '16'],
      { peek: ({ inode }, ...rest) => (inode === 11 ? { refused: 'nobody maps it' } : peek(inode, ...rest)) },
    );
    expect(world.exitCode).toBe(1);
    const paragraphs = world.out.split('\n\n').map((text) => text.slice(0, 12));
    expect(paragraphs).toEqual(['memfd:0:1:9 ', 'memfd:0:1:10']);
  });

  it('goes with neither --json nor without itself', async () => {
    expect((await show(SERVER, ['sysv:4', '--hex', '--json'])).exitCode).toBe(2);
    expect((await show(SERVER, ['sysv:4', '--offset', '1'])).exitCode).toBe(2);
  });
});
