// What hands type that know ipcs(1), top(1), htop(1), lsof(8) or git: understood, or answered with what is meant here.
import { describe, expect, it } from 'vitest';
import { DASHBOARD, dashboardOptions } from '../../src/cli/dashboard.ts';
import { runProgram } from '../../src/cli/program.ts';
import { isForDashboard, whichCommand } from '../../src/cli/which-command.ts';
import { parseObjectFilter } from '../../src/filter/object-filter.ts';
import { SERVER } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

async function run(line: string, options: Parameters<typeof fakeWorld>[1] = {}) {
  const world = fakeWorld(SERVER, options);
  const slept: number[] = [];
  const context = {
    ...world.context,
    sleep: (milliseconds: number) => void slept.push(Math.round(milliseconds / 100) * 100),
  };
  const exitCode = await runProgram(line.split(' '), context);
  return { exitCode, out: world.out(), err: world.err(), requests: world.requests, slept };
}
const dated = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/m;

describe('what is typed elsewhere means the same here', () => {
  it.each([
    // habit, what it is here
    ['--json', 'ls --json'],
    ['--json ls', 'ls --json'],
    ['--once', 'ls'],
    ['-b -n 1', 'ls'],
    ['-bn1', 'ls'],
    ['-n1', 'ls'],
    ['--all', 'ls --all'],
    ['-u alice', 'ls user=alice'],
    ['-u alice,root', 'ls user=alice,root'],
    ['--user=alice ls', 'ls user=alice'],
    ['-p 4711', 'ls pid=4711'],
    ['-p4711,12 -s -size', 'ls pid=4711,12 --sort -size'],
    ['-s mem ls', 'ls --sort mem'],
    ['--sort -size ls --csv', 'ls --csv --sort -size'],
    ['--csv --columns id,size', 'ls --csv --columns id,size'],
    ['--kind sysv', 'ls kind=sysv'],
    ['--verdict abandoned --no-header', 'ls verdict=abandoned --no-header'],
    ['--theme mono --read-only', 'ls'],
    ['-u postgres ps', 'ps user=postgres'],
    ['ps -s -size', 'ps --sort -size'],
    ['--json show sysv:4', 'show sysv:4 --json'],
    ['-h', '--help'],
    ['-u alice --help', '--help'],
    ['--json -V', '--version'],
    ['ls -h --json', 'help ls'],
  ])('%s is %s', async (habit, here) => {
    const [typed, meant] = [await run(habit), await run(here)];
    expect({ ...typed, requests: 0 }).toEqual({ ...meant, requests: 0 });
    expect(typed.exitCode).toBe(0);
    expect(typed.out).not.toBe('');
  });

  it('options of the dashboard, from top and htop', () => {
    for (const [line, words] of [
      ['-d 2', { intervalMs: 2000 }],
      ['-d1.5', { intervalMs: 1500 }],
      ['-u alice -p 12', { filter: 'pid=12 user=alice' }],
      ['-s -size', { sort: { column: 'size', descending: true } }],
      ['--kind sysv --verdict abandoned,orphaned', { filter: 'kind=sysv verdict=abandoned,orphaned' }],
    ] as const) {
      expect(isForDashboard(line.split(' '))).toBe(true);
      const { filter, ...rest } = dashboardOptions(line.split(' '));
      expect(
        Object.fromEntries(Object.entries({ filter, ...rest }).filter(([, value]) => value !== undefined)),
      ).toEqual({ mayRecord: true, ...words });
      expect(parseObjectFilter((filter ?? '').split(' '))).toHaveProperty('filter');
    }
  });

  it.each([
    '--json',
    '--once',
    '-b',
    '-n 3',
    '--csv',
    '--columns id',
    'ls',
    '-u alice ls',
    '--help',
    '-V',
    '--nonsense',
    'replay --json x',
  ])('%s is printed, also on a terminal', (line) => expect(isForDashboard(line.split(' '))).toBe(false));

  it.each(['replay x', '--theme mono replay x', '--all'])('%s is looked at', (line) => {
    expect(isForDashboard(line.split(' '))).toBe(true);
  });

  it('the value of an option is no command, and a command no value', () => {
    expect(whichCommand(['--theme', 'dark', 'ls'])).toMatchObject({ spec: { name: 'ls' }, args: ['--theme', 'dark'] });
    expect(whichCommand(['--sort', 'ls'])).toMatchObject({ spec: { name: '' } });
    expect(whichCommand(['-n', 'rm', 'x'])).toMatchObject({ spec: { name: 'rm' }, args: ['-n', 'x'] });
    expect(whichCommand(['rm', 'ls'])).toMatchObject({ spec: { name: 'rm' }, args: ['ls'] });
    expect(() => whichCommand(['--', 'ls'])).toThrow('there is no command "ls"');
  });
});

describe('again and again', () => {
  it.each([
    ['ls --watch 2 -n 3', [2000, 2000]],
    ['ls -d 500ms -n 2', [500]],
    ['-d 0.3 -n 2', [300]],
    ['-b -n 2', [1000]],
    ['ls -n 1', []],
  ])('%s waits that long in between', async (line, slept) => {
    expect((await run(line)).slept).toEqual(slept);
  });

  it('a time stands before each table, and none where a program reads', async () => {
    const { out, requests } = await run('ls -n 2 --columns id');
    expect(out.split(dated)).toHaveLength(3);
    expect(out.match(/^ID$/gm)).toHaveLength(2);
    expect(requests).toMatchObject([{ isRepeated: true }, { isRepeated: true }]);
    const csv = (await run('ls -n 2 --csv --columns id')).out;
    expect([csv.match(/^id\r$/gm), dated.test(csv)]).toEqual([['id\r'], false]);
  });

  it('on a terminal each takes the place of the one before, but for a batch', async () => {
    expect((await run('ls -n 2', { columns: 80 })).out.split('\x1b[H\x1b[2J')).toHaveLength(3);
    expect((await run('ls -b -n 2', { columns: 80 })).out).not.toContain('\x1b');
  });

  it('ends with 1 where something was missing, and once only is once', async () => {
    expect((await run('ls sysv:999 -n 2')).exitCode).toBe(1);
    expect(await run('ls --once --watch 2')).toMatchObject({ exitCode: 0, slept: [] });
  });
});

describe('ps --csv', () => {
  it('has all columns, and says on standard error what it cannot say', async () => {
    const { out, exitCode } = await run('ps --csv -u postgres');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^pid,user,command,/);
    expect(out.split('\r\n').length).toBeGreaterThan(3);
    expect((await run('ps --csv --json')).exitCode).toBe(2);
  });

  it('-p 12,13 are pids: what holds nothing is told', async () => {
    expect(await run('ps -p 999999,999998')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/999999 .*\n.*999998 /),
    });
  });
});

describe('what is meant is said', () => {
  it.each([
    ['list', /did you mean ls\?/],
    ['delete sysv:5', /did you mean rm\?/],
    ['shwo sysv:5', /did you mean show\?/],
    ['monitor', /did you mean watch\?/],
    ['LS', /did you mean ls\?/],
    ['constructor', /commands are ls/],
    ['sysv:5', /shmtop show sysv:5/],
    ['/dev/shm/x', /shmtop show \/dev\/shm\/x/],
    ['1234', /shmtop ps 1234, a segment shmtop show sysv:1234/],
    ['user=alice', /shmtop ls 'user=alice'/],
    ['-m', /all that is shown is shared memory/],
    ['-i 5', /shmtop show sysv:5/],
    ['ls -o size', /--sort \(-s\)/],
    ['ls --interval 2', /--watch \(-d\)/],
    ['ls --no-color', /NO_COLOR/],
    ['ls --filter user=x', /filter words need no option/],
    ['ls --colums id', /did you mean --columns\?/],
    ['--thme dark', /did you mean --theme\?/],
    ['ls --columns sze', /did you mean size\?/],
    ['ls --sort nattach', /did you mean nattch\?/],
    ['ls usr=alice', /did you mean user\?/],
    ['ls kind=sysvv', /did you mean sysv\?/],
    ['ls verdict=abandonned', /did you mean abandoned\?/],
    ['ps comand=x', /fields are/],
    ['rm -M 0x5301', /shmtop rm 0x5301/],
    ['rm --abandoned --older-than 1d', /--min-age/],
    ['ls --user', /--user <list>, or -u <list>/],
    ['-p abc', /--pid takes pids/],
    ['-d', /--interval needs a value/],
    ['-d 0', /0.1 at least/],
    ['-n 0', /a number from 1 on/],
    ['--once -n 2', /exclude each other/],
    ['--theme dark doctor', /unknown option "--theme"/],
  ])('%s', async (line, says) => {
    const { exitCode, out, err, requests } = await run(line);
    expect({ exitCode, out, requests }).toEqual({ exitCode: 2, out: '', requests: [] });
    expect(err).toMatch(says);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('no two options of the dashboard have one letter', () => {
    const letters = DASHBOARD.options.flatMap(({ short }) => short ?? []);
    expect(new Set(letters).size).toBe(letters.length);
  });
});
