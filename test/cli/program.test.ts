// The command line: help, version, usage errors in one line, and the commands without a file of their own.
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { LS, SHOW } from '../../src/cli/commands/looking.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { DASHBOARD } from '../../src/cli/dashboard.ts';
import { runProgram } from '../../src/cli/program.ts';
import { jsonSchema } from '../../src/cli/schema/outputs.ts';
import { OBJECT_FIELDS } from '../../src/filter/object-filter.ts';
import { OBJECT_COLUMNS } from '../../src/ui/format/columns.ts';
import { nearest } from '../../src/ui/format/nearest.ts';
import { NOTHING, SERVER } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

async function run(argv: readonly string[], options: Parameters<typeof fakeWorld>[1] = {}) {
  const world = fakeWorld(SERVER, options);
  const exitCode = await runProgram(argv, world.context);
  return { exitCode, out: world.out(), err: world.err(), requests: world.requests };
}

describe('shmtop', () => {
  it('without arguments is ls', async () => {
    expect((await run([])).out).toBe((await run(['ls'])).out);
  });

  it.each(['--version', '-V'])('%s prints the version of the package', async (flag) => {
    expect(await run([flag])).toMatchObject({ exitCode: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it.each([['--help'], ['-h'], ['help']])('%s lists all commands', async (flag) => {
    const { exitCode, out } = await run([flag]);
    expect(exitCode).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(out).toContain(`  ${name}`);
      expect(out.replace(/\s+/g, ' ')).toContain(summary);
    }
  });

  it('--help tells of the dashboard, how to get it and what it takes', async () => {
    const { out } = await run(['--help']);
    expect(out).toMatch(/shmtop \[OPTIONS\] +the dashboard/);
    for (const { name, help } of DASHBOARD.options) {
      expect(out).toContain(`--${name}`);
      expect(out.replace(/\s+/g, ' ')).toContain(help);
    }
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(COMMANDS.map(({ name, words }) => [name, words === undefined ? [] : ['x', 'y']] as const))(
    '%s is done by something',
    async (name, words) => {
      const ended = await run([name, ...words]).then(({ exitCode }) => `exit code ${exitCode}`, String);
      expect(ended).toMatch(/^exit code \d$|not in this test|nothing is removed in this test/);
    },
  );

  it.each(COMMANDS.map(({ name, options }) => [name, options] as const))(
    '%s --help explains every option',
    async (name, options) => {
      for (const argv of [
        [name, '--help'],
        [name, '-h'],
        ['help', name],
      ]) {
        const { exitCode, out, requests } = await run(argv);
        // Of a check, help is no answer: what runs it would take it for one.
        expect([exitCode, requests]).toEqual([name === 'check' && argv[0] === name ? 3 : 0, []]);
        for (const option of options) expect(out).toContain(`--${option.name}`);
        for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
      }
    },
  );

  it('ls --help explains every column and every filter field', async () => {
    const { out } = await run(['ls', '--help']);
    for (const { id, meaning } of OBJECT_COLUMNS) {
      expect(out).toMatch(new RegExp(`^  ${id} `, 'm'));
      expect(out.replace(/\s+/g, ' ')).toContain(meaning);
    }
    for (const { id } of OBJECT_FIELDS) expect(out).toMatch(new RegExp(`\\b${id}\\b`));
  });

  it('schema prints the JSON Schema, of all commands or of one', async () => {
    expect(JSON.parse((await run(['schema'])).out)).toEqual(jsonSchema());
    const { out, exitCode } = await run(['schema', 'watch']);
    expect({ exitCode, schema: JSON.parse(out) }).toMatchObject({
      exitCode: 0,
      schema: { $id: 'https://shmtop.dev/schema/2/watch.schema.json', oneOf: [{ $ref: '#/$defs/event' }] },
    });
    expect(Object.keys(JSON.parse(out).$defs)).not.toContain('object');
  });
});

describe('usage errors', () => {
  it.each([
    [['lss'], 'shmtop: there is no command "lss"; did you mean ls? See shmtop --help\n'],
    [
      ['frobnicate'],
      'shmtop: there is no command "frobnicate"; commands are ls show ps summary watch witness history replay diff rm restore load check metrics doctor schema completion. See shmtop --help\n',
    ],
    [['ls', '--kidn', 'sysv'], 'shmtop: unknown option "--kidn"; did you mean --kind? See shmtop ls --help\n'],
    [
      ['schema', 'completion'],
      'shmtop: completion writes no JSON; commands that do are ls show ps summary watch replay history diff rm restore load doctor. See shmtop schema --help\n',
    ],
    [['schema', 'ls', 'ps'], 'shmtop: schema takes one command, or none for all. See shmtop schema --help\n'],
    [['ls', '-x'], 'shmtop: unknown option "-x". See shmtop ls --help\n'],
    [['ls', '--sort'], 'shmtop: --sort needs a value: --sort <column>, or -s <column>. See shmtop ls --help\n'],
    [['ls', '--json=1'], 'shmtop: --json takes no value. See shmtop ls --help\n'],
    [
      ['ls', '--min-age', 'x'],
      'shmtop: --min-age takes a length of time, such as 90, 500ms, 90s, 10m, 2h or 7d; 0 for none; "x" is not understood. See shmtop ls --help\n',
    ],
    [['doctor', 'now'], 'shmtop: doctor takes no words: "now" is one too many. See shmtop doctor --help\n'],
    [
      ['help', 'nope'],
      'shmtop: there is no command "nope"; commands are ls show ps summary watch witness history replay diff rm restore load check metrics doctor schema completion. See shmtop --help\n',
    ],
    [['ls', '--\x1b[31m\nx'], 'shmtop: unknown option "--\\x1b[31m x". See shmtop ls --help\n'],
  ])('%j exits with 2 and one line', async (argv, message) => {
    const { exitCode, out, err, requests } = await run(argv);
    expect({ exitCode, out, err, requests }).toEqual({ exitCode: 2, out: '', err: message, requests: [] });
  });

  it('does not swallow bugs', async () => {
    const world = fakeWorld(NOTHING);
    const broken = {
      ...world.context,
      sample: () => {
        throw new TypeError('a bug');
      },
    };
    await expect(runProgram(['ls'], broken)).rejects.toThrow('a bug');
  });
});

describe('parseCommandLine', () => {
  it('takes values with and without an equals sign, even those that begin with a dash', () => {
    expect(parseCommandLine(LS, ['--sort', '-size', 'a']).text('sort')).toBe('-size');
    expect(parseCommandLine(LS, ['--sort=-size']).text('sort')).toBe('-size');
    expect(parseCommandLine(LS, ['--sort=a=b']).text('sort')).toBe('a=b');
  });

  it('takes everything behind -- as words, and the last of equal options', () => {
    const line = parseCommandLine(LS, ['a', '--columns', 'x', '--columns', 'y', '--', '--json', '-rf']);
    expect(line.words).toEqual(['a', '--json', '-rf']);
    expect(line.text('columns')).toBe('y');
    expect(line.flag('json')).toBe(false);
  });

  it('does not ask for words when help is wanted', () => {
    expect(parseCommandLine(SHOW, ['--help']).flag('help')).toBe(true);
  });
});

describe('nearest', () => {
  it('finds slips and nothing else', () => {
    expect(nearest('--colunms', ['--columns', '--csv'])).toBe('--columns');
    expect(nearest('sl', ['ls', 'ps'])).toBe('ls');
    expect(nearest('everything', ['ls', 'ps'])).toBeUndefined();
  });
});

describe('doctor', () => {
  const capabilities = [
    { name: 'native calls', state: 'yes', found: 'Linux 6.18' },
    {
      name: 'PROCMAP_QUERY',
      state: 'partly',
      found: 'ENOTTY',
      lost: 'speed: a scan takes five times as long',
      advice: 'Linux 6.11 or newer',
    },
    { name: 'file leases', state: 'no', found: 'EACCES\x1b', lost: 'all of it' },
  ] as const;

  it('says what is there, what is lost, and what to do', async () => {
    expect((await run(['doctor'], { capabilities, columns: 60 })).out).toBe(`\
✓ native calls   Linux 6.18
~ PROCMAP_QUERY  ENOTTY
                 lost: speed: a scan takes five times as
                       long
                 to do: Linux 6.11 or newer
✗ file leases    EACCES\\x1b
                 lost: all of it
✓ terminal       60 columns, UTF-8, no colours (NO_COLOR)

2 of 4 things that shmtop can use are missing or only partly there.
`);
  });

  it('is ASCII in a locale that is not UTF-8, and JSON when asked', async () => {
    expect((await run(['doctor'], { capabilities, env: { LANG: 'C' } })).out).toMatch(/^\+ native calls/);
    const { out, exitCode } = await run(['doctor', '--json'], { capabilities });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 2, capabilities: [...capabilities, { name: 'terminal' }] });
  });

  it('tells of the terminal: what it is, what it cannot show, and what to set', async () => {
    const terminal = async (columns: number | undefined, env: Record<string, string>) => {
      const options = { capabilities: [], columns, env: { NO_COLOR: '', TERM: 'xterm-256color', ...env } };
      return JSON.parse((await run(['doctor', '--json'], options)).out).capabilities[0];
    };
    expect(await terminal(80, {})).toEqual({
      name: 'terminal',
      state: 'yes',
      found: 'xterm-256color, 80 columns, UTF-8, colours',
    });
    expect(await terminal(80, { TERM: 'dumb' })).toMatchObject({ state: 'partly', lost: 'the dashboard; colours' });
    expect(await terminal(80, { LANG: 'C' })).toMatchObject({
      state: 'partly',
      lost: 'letters beyond ASCII: names show them as \\xHH',
      advice: 'set LANG to a UTF-8 locale, such as C.UTF-8',
    });
    expect(await terminal(30, {})).toMatchObject({ state: 'partly', advice: 'make it at least 40 columns wide' });
    expect(await terminal(undefined, {})).toMatchObject({
      state: 'yes',
      found: 'none: the output goes to a file or a pipe, neither cut nor coloured',
    });
  });

  it('is content when nothing is missing', async () => {
    expect((await run(['doctor'], { capabilities: capabilities.slice(0, 1) })).out).toContain(
      'All that shmtop can use is there.',
    );
  });
});
