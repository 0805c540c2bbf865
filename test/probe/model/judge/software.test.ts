// The table of known software: every row names what it should, nothing else, in no time, and says where it is known from.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countTopLevelAlternatives } from '../../../../src/probe/model/judge/expression-start.ts';
import {
  matchFile,
  matchMemfd,
  matchPosix,
  matchSysv,
  matchUnlinked,
  type SoftwareRow,
  softwareMatch,
} from '../../../../src/probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../../../../src/probe/model/judge/software-table.ts';
import {
  FILES,
  HOSTILE_FILLERS,
  HOSTILE_STARTS,
  MEMFDS,
  NAMES,
  NEAR_MISSES,
  RUNNING,
  SEGMENTS,
} from './software-samples.ts';

const OTHER_SEMAPHORE = 'sem_open(3)';

const posixRows = SOFTWARE_TABLE.filter(({ match }) => match.on === 'posix');
const pathOf = ({ match }: SoftwareRow) => (match.on === 'posix' ? match.path : /^(?!)$/);
const matching = (path: string) => posixRows.filter((row) => pathOf(row).test(path));
const isAnybodysSemaphore = (row: SoftwareRow) => row.name === OTHER_SEMAPHORE;

describe('the names in /dev/shm', () => {
  it.each(NAMES.map(([path, software, when, pid]) => ({ path, software, when, pid })))(
    '$path is recognised as $software, with the rule $when',
    ({ path, software, when, pid }) => {
      const hit = matchPosix(SOFTWARE_TABLE, path);
      expect(hit?.row.name).toBe(software);
      expect(hit?.row.leftover.when).toBe(when);
      expect(hit?.namePid).toBe(pid);
    },
  );

  it.each(NEAR_MISSES.map((path) => [path]))('%j is nobody known', (path) => {
    const name = matchPosix(SOFTWARE_TABLE, path)?.row.name;
    expect([undefined, OTHER_SEMAPHORE]).toContain(name);
    if (!path.startsWith('sem.')) expect(name).toBeUndefined();
  });

  it('every row has at least one real name that it recognises first', () => {
    const recognising = new Set(NAMES.map(([path]) => matchPosix(SOFTWARE_TABLE, path)?.row));
    expect(posixRows.filter((row) => !recognising.has(row)).map(pathOf)).toEqual([]);
  });

  it('no name is claimed by two rows, but for the row of all semaphores and that of six letters', () => {
    const claimedTwice = NAMES.filter(([path]) => {
      const rows = matching(path);
      return (
        rows.filter((row) => !isAnybodysSemaphore(row)).length > 1 || (rows.length > 1 && !path.startsWith('sem.'))
      );
    });
    expect(claimedTwice).toEqual([]);
  });

  it('a control character at the end of a name, or anything before it, makes it another name', () => {
    for (const [path] of NAMES) {
      const rows = matching(path).filter((row) => !isAnybodysSemaphore(row));
      for (const changed of [`${path}\n`, `${path}\0`, `${path}\x1b[2J`]) {
        expect(
          rows.filter((row) => pathOf(row).test(changed)),
          JSON.stringify(changed),
        ).toEqual([]);
      }
      // Data stays data whatever stands before its suffix.
      const others = rows.filter(({ leftover }) => leftover.when !== 'never');
      for (const changed of [`\n${path}`, `x${path}`, ` ${path}`, `../${path}`]) {
        expect(
          others.filter((row) => pathOf(row).test(changed)),
          JSON.stringify(changed),
        ).toEqual([]);
      }
    }
  });

  it('a name of any length and any bytes is answered within milliseconds', () => {
    // From short to long, so that an expression that backtracks exponentially fails here instead of never returning.
    for (const length of [12, 16, 20, 24, 28, 32, 40, 64, 255]) {
      for (const start of HOSTILE_STARTS) {
        for (const filler of HOSTILE_FILLERS) {
          const name = (start + filler.repeat(length)).slice(0, length);
          const path = `${name}/`.repeat(15) + name;
          for (const hostile of [name, `${name.slice(0, -1)}\n`, path]) {
            if (millisecondsOf(() => matching(hostile)) < 10) continue;
            const again = Math.min(...[1, 2, 3].map(() => millisecondsOf(() => matching(hostile))));
            expect(again, JSON.stringify(hostile)).toBeLessThan(10);
          }
        }
      }
    }
  });
});

function millisecondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('the names of memfds', () => {
  it.each(MEMFDS)('%j is recognised as %s', (name, software) => {
    expect(matchMemfd(SOFTWARE_TABLE, name)?.row.name).toBe(software);
  });

  it('every row is among them, and none claims a longer name', () => {
    const rows = SOFTWARE_TABLE.filter(({ match }) => match.on === 'memfd');
    expect(new Set(MEMFDS.map(([name]) => matchMemfd(SOFTWARE_TABLE, name)?.row))).toEqual(new Set(rows));
    for (const [name] of MEMFDS) expect(matchMemfd(SOFTWARE_TABLE, `${name}\n`)).toBeUndefined();
    expect(matchMemfd(SOFTWARE_TABLE, 'mozilla-ipc2')).toBeUndefined();
  });
});

describe('the paths of mapped files', () => {
  it.each(FILES)('%j is recognised as %s', (path, software) => {
    expect(matchFile(SOFTWARE_TABLE, path)?.row.name).toBe(software);
    expect(matchFile(SOFTWARE_TABLE, `${path}\n`)).toBeUndefined();
  });

  it('every row is among them, and only names', () => {
    const rows = SOFTWARE_TABLE.filter(({ match }) => match.on === 'file');
    const recognising = FILES.map(([path]) => matchFile(SOFTWARE_TABLE, path)?.row).filter((row) => row !== undefined);
    expect(new Set(recognising)).toEqual(new Set(rows));
    expect(rows.filter(({ leftover }) => leftover.when !== 'unknown')).toEqual([]);
  });
});

describe('files in /dev/shm without a name', () => {
  it('are recognised by the command name of any holder, and not by one that only looks like it', () => {
    const nameOf = (...comms: (string | undefined)[]) => matchUnlinked(SOFTWARE_TABLE, comms)?.row.name;
    expect(nameOf(undefined, 'shmtop', 'shmtop-cons-0')).toBe('shmtop load');
    expect(nameOf('shmtop-prod-63')).toBe('shmtop load');
    expect(nameOf('shmtop-prod-0\n', 'xshmtop-prod-0', 'shmtop-prod-', 'node')).toBeUndefined();
  });
});

describe('System V segments', () => {
  it.each(SEGMENTS)('%s: %s, with the rule %s', (_, software, when, segment) => {
    const hit = matchSysv(SOFTWARE_TABLE, segment);
    expect(hit?.row.name).toBe(software);
    expect(hit?.row.leftover.when).toBe(when);
  });

  it('every row has at least one of them, and can only name or veto: their makers decide the rest', () => {
    const rows = SOFTWARE_TABLE.filter(({ match }) => match.on === 'sysv');
    const recognising = new Set(SEGMENTS.map(([, , , segment]) => matchSysv(SOFTWARE_TABLE, segment)?.row));
    expect(rows.filter((row) => !recognising.has(row)).map((row) => row.name)).toEqual([]);
    expect(rows.filter(({ leftover }) => leftover.when !== 'never' && leftover.when !== 'unknown')).toEqual([]);
  });
});

it('README and CHANGELOG say how many rows there are', () => {
  const texts = ['README.md', 'CHANGELOG.md'].map((name) =>
    readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8'),
  );
  const counts = texts.map((text) => Number(/(\d+) kinds of/.exec(text)?.[1]));
  expect(counts).toEqual([SOFTWARE_TABLE.length, SOFTWARE_TABLE.length]);
});

describe('the rules', () => {
  it.each(RUNNING)('%j is no leftover while one of %j runs', (path, comms) => {
    const leftover = matchPosix(SOFTWARE_TABLE, path)?.row.leftover;
    const comm =
      leftover?.when === 'no-process'
        ? leftover.comm
        : leftover?.when === 'name-pid-dead'
          ? leftover.andNoProcess
          : undefined;
    expect(comms.filter((name) => !comm?.test(name))).toEqual([]);
    expect(comm?.test('bash')).toBe(false);
    expect(comm?.test('systemd')).toBe(false);
  });

  it('every row that waits for processes to end is among them', () => {
    const tested = new Set(RUNNING.map(([path]) => matchPosix(SOFTWARE_TABLE, path)?.row));
    const rows = SOFTWARE_TABLE.filter(({ leftover }) => leftover.when === 'no-process' || 'andNoProcess' in leftover);
    expect(rows.filter((row) => !tested.has(row)).map(pathOf)).toEqual([]);
  });

  it('what needs no proof but patience has more of it than the default grace time', () => {
    const rows = SOFTWARE_TABLE.filter(({ leftover }) => leftover.when === 'unheld');
    expect(rows.map(({ name }) => name).sort()).toEqual(['MPICH', 'PHP opcache', 'Python multiprocessing', 'UCX']);
    for (const row of rows) expect(row.patienceSec ?? 0, row.name).toBeGreaterThan(60);
  });

  it('a rule about the pid in the name goes with a pid in the name', () => {
    const rows = SOFTWARE_TABLE.filter(({ leftover }) => leftover.when === 'name-pid-dead');
    expect(rows.filter((row) => !pathOf(row).source.includes('(?<pid>'))).toEqual([]);
  });

  it('hearsay alone never makes a leftover', () => {
    const rows = SOFTWARE_TABLE.filter(({ mark }) => mark === 'F' || mark === 'D/F');
    expect(rows.filter(({ leftover }) => leftover.when !== 'never' && leftover.when !== 'unknown')).toEqual([]);
  });

  it('a semaphore that anybody may have named is never a leftover by its name', () => {
    for (const name of ['sem.mutex1', 'sem.worker', 'sem.aB3dE9', 'sem.MyBoostMutex', 'sem.a\nb']) {
      expect(matchPosix(SOFTWARE_TABLE, name)?.row.leftover.when, name).toBe('unknown');
    }
  });

  it('data and what is kept on purpose is vetoed, wherever it lies', () => {
    const vetoed = ['x.db', 'a/b/x.db-wal', 'joblib_memmapping_folder_1_ab/x.sqlite', 'cubical.1/x.db', 'squid-x.db'];
    for (const path of [...vetoed, 'jack-shm-registry', 'lttng-ust-wait-8', 'sr_main', 'ora_ORCL_1_0']) {
      expect(matchPosix(SOFTWARE_TABLE, path)?.row.leftover.when, path).toBe('never');
    }
  });
});

describe('the table', () => {
  it('every row says what it is, where that is known from, and what removal breaks unless it only names', () => {
    for (const row of SOFTWARE_TABLE) {
      const label = `${row.name}: ${row.role}`;
      for (const text of [row.name, row.role, row.source]) expect(text.trim().length, label).toBeGreaterThan(2);
      if (row.match.on !== 'memfd') expect(row.removalBreaks, label).toBeTruthy();
      expect(softwareMatch({ row })).toMatchObject({ name: row.name, role: row.role, source: row.source });
    }
  });

  it('every expression is anchored at both ends and keeps no state', () => {
    const expressions = SOFTWARE_TABLE.flatMap(({ match, leftover }) => [
      match.on === 'posix' ? match.path : undefined,
      match.on === 'memfd' ? match.name : undefined,
      match.on === 'unlinked' ? match.comm : undefined,
      leftover.when === 'no-process' ? leftover.comm : undefined,
      leftover.when === 'name-pid-dead' ? leftover.andNoProcess : undefined,
    ]).filter((expression) => expression !== undefined);
    expect(expressions.length).toBeGreaterThan(70);
    for (const { source, flags } of expressions) {
      expect(source).toMatch(/^\^[\s\S]*\$$/);
      expect(countTopLevelAlternatives(source), source).toBe(1);
      expect(['', 'i'], source).toContain(flags);
      expect(source, 'a repeated group').not.toMatch(/\)(?:[*+]|\{\d+,\})/);
    }
  });
});
