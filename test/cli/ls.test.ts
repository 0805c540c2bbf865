// What `shmtop ls` prints: tables at 80 and 200 columns, over a pipe, without anything to show; formats; exit codes.
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import {
  DESKTOP,
  HOSTILE,
  HOSTILE_OBJECTS,
  manySegments,
  NOTHING,
  posix,
  SERVER,
  segment,
  snapshotOf,
  UNPRIVILEGED,
} from './examples.ts';
import { fakeWorld } from './fake-context.ts';

async function ls(snapshot: Snapshot, argv: readonly string[] = [], options: Parameters<typeof fakeWorld>[1] = {}) {
  const world = fakeWorld(snapshot, options);
  const exitCode = await runProgram(['ls', ...argv], world.context);
  return { exitCode, out: world.out(), err: world.err(), lines: world.out().split('\n'), requests: world.requests };
}

describe('the table', () => {
  it('answers what, how big, whose, who holds it and whether it is needed in 80 columns', async () => {
    const { out, exitCode } = await ls(SERVER, [], { columns: 80 });
    expect(exitCode).toBe(0);
    expect(out).toBe(`\
VERDICT     ID                            SIZE USER     HELD BY      WHAT
✗ abandoned posix:/psm_6a16b91e           2.0G alice    nobody       Python sha…
✗ abandoned sysv:32769                    1.2M root     nobody       Xvfb
○ unheld    sysv:65538                   64.0K root     nobody       0x000004d2
○ unheld    posix:/sem.fas…ort9160_mutex    32 alice    nobody       semaphore
● in-use    anonymous:0:1:62292           146M postgres postgres ×6  anonymous
● in-use    posix:/PostgreSQL.1287632224  1.0M postgres postgres ×4  PostgreSQL
● in-use    memfd:0:1:1044               64.0M alice    pulsea…[900] PulseAudio
● in-use    posix:/PostgreSQL.3456068200 26.3K postgres postgres ×6  PostgreSQL
● in-use    sysv:4                          56 postgres postgres ×6  PostgreSQL

9 objects: 1.4G of memory and swap, 2.2G in length
✗ 2 abandoned (1.4G to gain)   ○ 2 unheld   ● 5 in-use
`);
  });

  it('has room for age, cost and reasons in 200 columns', async () => {
    const { lines } = await ls(SERVER, [], { columns: 200 });
    expect(lines[0]).toBe(
      'VERDICT      ID                                   SIZE    MEM  USER      HELD BY             AGE  WHAT                  NATTCH    IDLE  WHY',
    );
    expect(lines[2]).toMatch(
      /^✗ abandoned {2}sysv:32769 .* 1\.2M {3}1\.2M {2}root {6}nobody {11}12d00h {2}Xvfb .* creator 2210 is gone; its pid now belongs to/,
    );
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(200);
  });

  it.each([20, 33, 40, 60, 79, 80, 100, 132, 200, 500])('fits into %d columns, whatever the names', async (columns) => {
    for (const snapshot of [SERVER, DESKTOP, HOSTILE, NOTHING, UNPRIVILEGED, snapshotOf(manySegments(400))]) {
      const { lines } = await ls(snapshot, [], { columns });
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('cuts no name and no reason over a pipe', async () => {
    const { out } = await ls(HOSTILE);
    for (const { shortId } of HOSTILE_OBJECTS) expect(out).toContain(` ${shortId} `);
    expect(out).toContain('no rule of its software applies');
    expect(out).not.toContain('…');
  });

  it('fits into COLUMNS even over a pipe, as ps does', async () => {
    const { lines } = await ls(SERVER, [], { env: { COLUMNS: '60' } });
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(60);
  });

  it('is plain ASCII where the locale is not UTF-8, and its IDs still work', async () => {
    const { out } = await ls(HOSTILE, [], { env: { LANG: 'C' } });
    expect(out).toMatch(/^[\n\x20-\x7e]*$/);
    const ids = (await ls(HOSTILE, ['--no-header', '--columns', 'id'], { env: { LANG: 'C' } })).lines.slice(0, -1);
    expect(ids).toHaveLength(HOSTILE_OBJECTS.length);
    for (const id of ids) {
      const found = await ls(HOSTILE, [id, '--ndjson']);
      expect([found.exitCode, found.out.split('\n').length]).toEqual([0, 2]);
    }
  });

  it('lets nothing raw through to the terminal', async () => {
    for (const argv of [[], ['--columns', 'all'], ['--csv'], ['--ndjson']]) {
      const { out } = await ls(HOSTILE, argv, { columns: argv.length === 0 ? 120 : undefined });
      expect(out).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]/);
    }
  });

  it('colours the verdict on a terminal and not over a pipe', async () => {
    const env = { NO_COLOR: '', TERM: 'xterm' };
    expect((await ls(SERVER, [], { columns: 80, env })).out).toContain('\x1b[1;31m✗ abandoned\x1b[0m');
    expect((await ls(SERVER, [], { env })).out).not.toContain('\x1b');
    expect((await ls(SERVER, [], { columns: 80 })).out).not.toContain('\x1b');
    expect((await ls(SERVER, [], { columns: 80, env: { NO_COLOR: '', TERM: 'dumb' } })).out).not.toContain('\x1b');
  });

  it('says in words that there is nothing, or that nothing matches', async () => {
    expect((await ls(NOTHING)).out).toBe(
      'No shared memory here: no segment, no object in /dev/shm, no shared mapping.\n',
    );
    expect((await ls(SERVER, ['kind=file'])).out).toBe('None of the 9 objects here matches.\n');
    expect((await ls(SERVER, ['kind=file', '--no-header'])).out).toBe('');
  });

  it('ends with what could not be seen', async () => {
    const { lines } = await ls(UNPRIVILEGED);
    expect(lines.at(-2)).toBe(
      '3 of 212 processes could not be looked into (permission denied): run as root to see what they hold.',
    );
    expect((await ls(UNPRIVILEGED)).out).toContain('6 unseen');
  });

  it('says what could not be seen on standard error where the output has no place for it', async () => {
    const missed = /^shmtop: 3 of 212 processes could not be looked into [^\n]*\n$/;
    for (const option of ['--csv', '--ndjson', '--no-header']) {
      const { out, err, exitCode } = await ls(UNPRIVILEGED, [option]);
      expect(err).toMatch(missed);
      expect(out).not.toContain('looked into (');
      expect(exitCode).toBe(0);
      expect((await ls(SERVER, [option])).err).toBe('');
    }
    for (const argv of [[], ['--json']]) expect((await ls(UNPRIVILEGED, argv)).err).toBe('');
  });

  it('names what its ID does not: objects in other mount namespaces', async () => {
    const elsewhere = posix('/tensor\x1b', 7, { shortId: 'posix:0:46:7', rawPath: undefined, type: 'file' });
    const { lines } = await ls(snapshotOf([elsewhere]), ['--no-header', '--columns', 'id,what']);
    expect(lines[0]).toBe('posix:0:46:7  /tensor\\x1b');
    expect((await ls(snapshotOf([posix('/tensor', 7)]), ['--no-header', '--columns', 'what'])).lines[0]).toBe('-');
  });

  it('counts what passes the filter, out of all', async () => {
    const { out } = await ls(SERVER, ['verdict=abandoned']);
    expect(out).toContain('2 of 9 objects: 1.4G of memory and swap, 2.0G in length\n✗ 2 abandoned (1.4G to gain)\n');
  });
});

describe('options', () => {
  it('--no-header prints rows only', async () => {
    const { lines } = await ls(SERVER, ['--no-header', '--columns', 'id,size', '--sort', 'id']);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^anonymous:0:1:62292 +146M$/);
  });

  it('--columns chooses, + adds, all is all, and an unknown one is a usage error that lists them', async () => {
    expect((await ls(SERVER, ['--columns', 'shmid,KEY'])).lines[0]).toMatch(/^ *SHMID {2}KEY$/);
    expect((await ls(SERVER, ['--columns', '+perms,verdict'])).lines[0]).toMatch(/^VERDICT .* WHY +PERMS$/);
    expect((await ls(SERVER, ['--columns=all'])).lines[0]).toContain('BTIME');
    const refused = await ls(SERVER, ['--columns', 'id,nope']);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toMatch(
      /^shmtop: --columns: there is no column "nope"; columns are verdict id size .*\. See shmtop ls --help\n$/,
    );
    expect((await ls(SERVER, ['--columns', ','])).exitCode).toBe(2);
  });

  it('says which chosen columns the terminal is too narrow for', async () => {
    const { out } = await ls(SERVER, ['--columns', 'id,name,ctime,atime,mtime'], { columns: 50 });
    expect(out).toMatch(/Too narrow for ATIME, MTIME: widen the terminal,\n {2}or pipe the table\./);
  });

  it('--sort takes a direction with or without an equals sign', async () => {
    const first = async (...argv: string[]) => (await ls(SERVER, ['--no-header', '--columns', 'id', ...argv])).lines[0];
    expect(await first('--sort', '-size')).toBe('posix:/psm_6a16b91e');
    expect(await first('--sort=-size')).toBe('posix:/psm_6a16b91e');
    expect(await first('--sort', 'size')).toBe('posix:/sem.fastrtps_port9160_mutex');
    expect((await ls(SERVER, ['--sort', 'nope'])).exitCode).toBe(2);
  });

  it('--bytes writes all digits', async () => {
    const { out } = await ls(SERVER, ['--bytes', 'psm_']);
    expect(out).toContain('2147483648');
    expect(out).toContain('1 of 9 objects: 1503238553 bytes of memory and swap');
  });

  it('--kind and --verdict take lists and refuse strangers', async () => {
    const ids = async (...argv: string[]) =>
      (await ls(SERVER, ['--no-header', '--columns', 'id', ...argv])).lines.length - 1;
    expect(await ids('--kind', 'sysv,memfd')).toBe(4);
    expect(await ids('--verdict', 'abandoned,unheld')).toBe(4);
    expect(await ids('--kind', 'SYSV', '--verdict=unheld', 'root')).toBe(1);
    const refused = await ls(SERVER, ['--kind', 'shm']);
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toBe(
      'shmtop: --kind takes one or more of sysv,posix,unlinked,memfd,anonymous,file; "shm" is not understood. See shmtop ls --help\n',
    );
  });

  it('ask the probe for what they need and no more', async () => {
    const DEAR = { namespaces: false, units: false };
    const request = async (...argv: string[]) => (await ls(SERVER, argv)).requests[0];
    expect(await request()).toEqual({ ...DEAR, includeFiles: false, minAgeSec: 60, rss: true });
    const files = await request('--all', '--min-age', '10m');
    expect(files).toEqual({ ...DEAR, includeFiles: true, minAgeSec: 600, rss: true });
    expect(await request('--min-age', '0', '--no-header', '--columns', 'id,size')).toEqual({
      ...DEAR,
      includeFiles: false,
      minAgeSec: 0,
      rss: false,
    });
    expect((await request('--no-header', '--columns', 'id', '--sort', 'rss'))?.rss).toBe(true);
    expect((await request('--no-header', '--columns', 'id', 'mem>1'))?.rss).toBe(true);
    expect(await request('--json')).toMatchObject({ rss: true, namespaces: true, units: true });
    expect((await request('unit=x'))?.units).toBe(true);
    expect((await request('--kind', 'file'))?.includeFiles).toBe(true);
    expect((await request('kind=sysv,file'))?.includeFiles).toBe(true);
  });

  it('exclude each other where they contradict', async () => {
    const { exitCode, err } = await ls(SERVER, ['--json', '--csv']);
    expect(exitCode).toBe(2);
    expect(err).toBe('shmtop: --json, --ndjson and --csv exclude each other: give one of them. See shmtop ls --help\n');
  });

  it('refuse filter words that make no sense, in one line', async () => {
    const { exitCode, err, out } = await ls(SERVER, ['size>1\x1bX']);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^shmtop: the filter word 'size>1\\x1bX' is not understood: .*\n$/);
  });

  it('hint at a comparison that the shell has swallowed', async () => {
    expect((await ls(SERVER, ['size'])).err).toBe(
      "shmtop: 'size' is taken as text to search for; to compare, quote the whole word: 'size>1'\n",
    );
    expect((await ls(SERVER, ['size'], { columns: 80 })).err).toBe('');
  });
});

describe('IDs', () => {
  it('select what they name, and exit with 1 naming what is not there', async () => {
    const { exitCode, out, err } = await ls(SERVER, [
      'sysv:4',
      'posix:/psm_6a16b91e',
      'sysv:99',
      '--no-header',
      '--columns',
      'id',
    ]);
    expect(out).toBe('posix:/psm_6a16b91e\nsysv:4\n');
    expect(exitCode).toBe(1);
    expect(err).toBe('shmtop: there is no shared memory object sysv:99\n');
  });

  it('are there although another word keeps them from the list', async () => {
    const { exitCode, out } = await ls(SERVER, ['sysv:4', 'verdict=abandoned', '--ndjson']);
    expect([exitCode, out]).toEqual([0, '']);
  });

  it.each(HOSTILE_OBJECTS.map(({ shortId }) => [shortId]))('round-trip: %s', async (shortId) => {
    const { exitCode, out } = await ls(HOSTILE, [shortId, '--no-header', '--columns', 'id']);
    expect([exitCode, out]).toEqual([0, `${shortId}\n`]);
  });
});

describe('formats', () => {
  it('--ndjson has one object a line, --json one object in all', async () => {
    const { out } = await ls(SERVER, ['--ndjson', 'kind=sysv']);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual(['sysv:4026531839:4', 'sysv:4026531839:32769', 'sysv:4026531839:65538']);
    const json = JSON.parse((await ls(SERVER, ['--json', '--sort', '-size', 'kind=sysv'])).out);
    expect(json.objects.map((object: { shmid: number }) => object.shmid)).toEqual([32_769, 65_538, 4]);
    expect(JSON.parse((await ls(NOTHING, ['--json'])).out).objects).toEqual([]);
  });

  it('--csv is RFC 4180 with all columns, exact values and empty fields for what is unknown', async () => {
    const { out } = await ls(snapshotOf([posix('/quo"te,\n', 1), segment(3, { sizeBytes: undefined })]), [
      '--csv',
      '--columns',
      'id,size,mem,nattch,mtime,verdict',
    ]);
    expect(out).toBe(
      'id,size,mem,nattch,mtime,verdict\r\n' +
        '"posix:/quo""te,\\x0a",1048576,1048576,,2026-01-31T11:00:00.000Z,unheld\r\n' +
        'sysv:3,,4096,0,,abandoned\r\n',
    );
    const all = (await ls(SERVER, ['--csv'])).lines;
    expect(all[0]).toMatch(/^verdict,id,size,.*,btime\r$/);
    expect((await ls(SERVER, ['--csv', '--no-header'])).lines).toHaveLength(10);
  });
});

it('draws 4,000 segments quickly', async () => {
  const snapshot = snapshotOf(manySegments(4000));
  const startMs = performance.now();
  const { lines } = await ls(snapshot, [], { columns: 120 });
  expect(lines.length).toBeGreaterThan(4000);
  expect(performance.now() - startMs).toBeLessThan(2000);
});
