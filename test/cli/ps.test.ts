import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { DESKTOP, HOSTILE, NOTHING, SERVER, UNPRIVILEGED } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

async function ps(snapshot: Snapshot, argv: readonly string[] = [], options: Parameters<typeof fakeWorld>[1] = {}) {
  const world = fakeWorld(snapshot, options);
  const exitCode = await runProgram(['ps', ...argv], world.context);
  return { exitCode, out: world.out(), err: world.err(), lines: world.out().split('\n') };
}

describe('shmtop ps', () => {
  it('lists processes by what they hold', async () => {
    const { out, exitCode } = await ps(SERVER, [], { columns: 80 });
    expect(exitCode).toBe(0);
    expect(out).toBe(`\
PID USER     COMMAND      MEM  SIZE SYSV POSIX MEMFD ANON OBJECTS
812 postgres postgres   24.0M  147M    1     2     -    1 sysv:4 posix:/Postgre…
813 postgres postgres   24.0M  147M    1     2     -    1 sysv:4 posix:/Postgre…
814 postgres postgres   24.0M  147M    1     2     -    1 sysv:4 posix:/Postgre…
815 postgres postgres   24.0M  147M    1     2     -    1 sysv:4 posix:/Postgre…
816 postgres postgres   23.0M  146M    1     1     -    1 sysv:4 posix:/Postgre…
817 postgres postgres   23.0M  146M    1     1     -    1 sysv:4 posix:/Postgre…
900 alice    pulseaudio  772K 64.0M    -     -     1    - memfd:0:1:1044

7 processes hold 5 objects.
`);
  });

  it('takes pids and filter words, and exits with 1 for a pid that holds nothing', async () => {
    const { exitCode, lines, err } = await ps(SERVER, [
      '812',
      '900',
      '77',
      '--no-header',
      '--columns',
      'pid',
      '--sort',
      'pid',
    ]);
    expect(lines).toEqual(['812', '900', '']);
    expect(exitCode).toBe(1);
    expect(err).toBe('shmtop: process 77 holds no shared memory that can be seen, or does not exist\n');
    expect((await ps(SERVER, ['kind=memfd', '--no-header'])).lines).toHaveLength(2);
    expect((await ps(SERVER, ['foo=1'])).exitCode).toBe(2);
    expect((await ps(SERVER, ['comm=nobody'])).out).toBe('None of the 7 processes that hold shared memory matches.\n');
  });

  it('says so when nobody holds anything, and what could not be seen', async () => {
    expect((await ps(NOTHING)).out).toBe('No process that could be looked into holds shared memory.\n');
    expect((await ps(UNPRIVILEGED)).out).toContain('3 of 212 processes could not be looked into');
    expect((await ps(UNPRIVILEGED, ['--no-header'])).err).toContain('3 of 212 processes could not be looked into');
  });

  it('--json has the processes with the ids of their objects', async () => {
    const json = JSON.parse((await ps(SERVER, ['900', '--json'])).out);
    expect(json.processes).toEqual([
      {
        pid: 900,
        startTicks: 9000,
        comm: 'pulseaudio',
        uid: 1000,
        user: 'alice',
        ipcNamespace: '4026531839',
        counts: { sysv: 0, posix: 0, unlinked: 0, memfd: 1, anonymous: 0, file: 0 },
        sizeBytes: 67_108_864,
        costBytes: 790_528,
        objects: [
          {
            id: 'memfd:0:1:1044',
            kind: 'memfd',
            mappings: [{ start: '0x7f1203840000', end: '0x7f1203841000', perms: 'rw-s' }],
            fds: [12],
          },
        ],
      },
    ]);
    expect(json.schemaVersion).toBe(2);
  });

  it.each([20, 50, 80, 200])('fits into %d columns and lets nothing raw through', async (columns) => {
    for (const snapshot of [SERVER, DESKTOP, HOSTILE]) {
      const { lines } = await ps(snapshot, [], { columns });
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }
    }
  });
});
