// `shmtop history` and the life in `show`: over lives as a witness writes them, empty, with gaps, and of an enemy.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { jsonSchema } from '../../src/cli/schema/outputs.ts';
import { Misfit } from '../../src/probe/model/decode/decode.ts';
import { life as decodeLife } from '../../src/probe/model/decode/life-decoder.ts';
import type { KnownLives } from '../../src/probe/model/life/life.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import { HOSTILE, REMOVED, SEGMENT, WATCH } from '../ui/sample-lives.ts';
import { posix, SERVER, snapshotOf } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const KNOWN: KnownLives = { watch: WATCH, lives: [REMOVED, SEGMENT, HOSTILE], ipcNamespace: '4026531839' };
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(jsonSchema('history'));

async function run(words: readonly string[], lives: KnownLives | string = KNOWN, columns?: number, snapshot = SERVER) {
  const world = fakeWorld(snapshot, { lives, columns });
  const exitCode = await runProgram(words, world.context);
  return { exitCode, out: world.out(), err: world.err(), lines: world.out().split('\n') };
}
const history = (words: readonly string[] = [], lives?: KnownLives | string, columns?: number) =>
  run(['history', ...words], lives, columns);
const whats = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.flatMap((line) => /^\d{4}-\d\d-\d\d \S+ +(\w+) /.exec(line)?.[1] ?? []);

describe('shmtop history', () => {
  test('tells what was done to what, by whom, of which service, and how that ended: oldest first', async () => {
    const { exitCode, out, err, lines } = await history();
    expect([exitCode, err]).toEqual([0, '']);
    expect(lines[0]).toMatch(/^TIME +WHAT +ID +BY +OF +ENDED/);
    expect(out).toMatch(
      /^2026-01-31 12:01:00 +made +posix:\/psm_6a16b91e +python3\[1234\] +train\.service +killed \(SIGKILL\)/m,
    );
    expect(out).toMatch(/^2026-01-31 12:09:00 +removed +posix:\/psm_6a16b91e +systemd-logind\[411\]/m);
    expect(out).toMatch(/^2026-01-31 12:05:00 +attached +sysv:5 +worker\[7\]/m);
    const times = lines.flatMap((line) => /^\d{4}-\d\d-\d\d (\S+) /.exec(line)?.[1] ?? []);
    expect(times).toEqual([...times].sort());
    expect(out).toContain('10 deeds on 3 objects; watched since');
  });

  test.each([
    [['what=removed'], ['removed']],
    [
      ['posix:/psm_6a16b91e', 'what=made,removed'],
      ['made', 'removed'],
    ],
    [['/psm_6a16b91e', 'pid=2'], ['opened']],
    [['sysv:5'], ['made', 'attached', 'resized']],
    [['sysv:5@4026531839', 'what=made'], ['made']],
    [['0x5301', 'what=made'], ['made']],
    [['posix:0:27:12', 'what=made'], ['made']],
    [['comm=python'], ['made']],
    [['unit=train'], ['made']],
    [['logind'], ['removed']],
    [
      ['kind=sysv', '!what=made'],
      ['attached', 'resized'],
    ],
    [['size>6K'], ['resized']],
    [['uid=65534'], ['made']],
    [['container=w'], ['renamed']],
  ])('%j selects %j', async (words, found) => {
    const told = await history(words);
    expect([told.exitCode, told.err, whats(told)]).toEqual([0, '', found]);
  });

  test('who removed it is found by each name that it had: whoever removes may move it aside before', async () => {
    const aside = '/.moved-aside';
    const [made, ...others] = REMOVED.deeds;
    const deeds = [made, { atMs: REMOVED.deeds.at(-1)?.atMs ?? 0, what: 'renamed', by: 0, rawName: aside }, ...others];
    const moved = decodeLife({ ...REMOVED, firstName: REMOVED.rawName, rawName: aside, deeds });
    if (moved instanceof Misfit) throw new Error(String(moved));
    const known = { watch: WATCH, lives: [moved] };
    for (const word of ['/psm_6a16b91e', 'posix:/psm_6a16b91e', `posix:${aside}`, 'name=psm_6a16', 'psm_6a16']) {
      const { out, exitCode } = await history([word, 'what=removed'], known);
      expect([word, exitCode]).toEqual([word, 0]);
      expect(out).toMatch(/ removed +posix:\/psm_6a16b91e +systemd-logind\[411\]/);
    }
    const { out } = await history(['--json'], known);
    expect(isValid(JSON.parse(out))).toBe(true);
    expect(JSON.parse(out).lives[0].firstName).toBe('/psm_6a16b91e');
  });

  test('--since leaves out what was done before', async () => {
    const agoSec = (minutes: number) =>
      `${Math.ceil((Date.now() - new Date(2026, 0, 31, 12, minutes).getTime()) / 1000)}s`;
    expect(whats(await history(['--since', agoSec(8)]))).toEqual(['renamed', 'removed']);
    const { exitCode, err } = await history(['--since', 'yesterday']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('a length of time')]);
  });

  test('--json fits its schema, escaped, with lives whole; without a witness it is empty and says no watch', async () => {
    const { out } = await history(['--json']);
    const parsed = JSON.parse(out);
    isValid(parsed);
    expect(isValid.errors ?? []).toEqual([]);
    expect(parsed).toMatchObject({ schemaVersion: 2, watch: { running: true }, lives: { length: 3 } });
    expect(parsed.lives[0]).toMatchObject({
      makerKnown: true,
      actors: { 0: { comm: 'python3', ended: { signal: 9 } } },
    });
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    const none = JSON.parse((await history(['--json'], { lives: [] })).out);
    isValid(none);
    expect(isValid.errors ?? []).toEqual([]);
    expect(none).toEqual({ schemaVersion: 2, lives: [] });
  });

  test('says that nothing was watched, that nothing passes, which sources and times are missing', async () => {
    expect((await history([], { lives: [] })).out).toContain('Nothing was watched on this boot: start shmtop witness');
    expect((await history(['comm=nosuch'])).out).toMatch(/^Nothing that was asked for; watched since/);
    const watch = {
      ...WATCH,
      isRunning: false,
      sources: [{ name: 'taskstats', isActive: false, text: 'ends are not told' }],
      gaps: [{ fromMs: WATCH.sinceMs, untilMs: WATCH.seenMs, why: 'overflow' }],
    };
    const { out } = await history([], { ...KNOWN, watch });
    expect(out).toContain('Without taskstats: ends are not told.');
    expect(out).toMatch(/Not watched .*: overflow\./);
    expect(out).toMatch(/No witness runs now: what happened since .* was not seen\./);
  });

  test('an ID of which nothing is known, and a store that cannot be read, are told with exit code 1', async () => {
    expect(await history(['posix:/other'])).toMatchObject({
      exitCode: 1,
      err: 'shmtop: nothing is known of posix:/other\n',
    });
    expect((await history(['sysv:5'], { lives: [] })).err).toContain('nothing was watched');
    const { exitCode, err, out } = await history([], 'it is damaged\x1b[2J');
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toBe('shmtop: what was watched cannot be read: it is damaged\\x1b[2J\n');
    expect((await history(['verdict=abandoned'])).exitCode).toBe(2);
  });

  test.each([40, 80, 200])('fits %i columns and shows nothing raw', async (columns) => {
    const { out, lines } = await history([], KNOWN, columns);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
});

describe('shmtop show', () => {
  const object = posix('/psm_6a16b91e', 12, { id: REMOVED.id });
  const living = {
    ...REMOVED,
    goneMs: undefined,
    deeds: REMOVED.deeds.slice(0, -1),
    actors: REMOVED.actors.slice(0, -1),
  };
  const show = (words: readonly string[], lives: KnownLives | string) =>
    run(['show', 'posix:/psm_6a16b91e', ...words], lives, undefined, snapshotOf([object]));

  test('tells the life of the object, in words and as JSON', async () => {
    const { out, exitCode } = await show([], { watch: WATCH, lives: [living] });
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^Life +Made .* by python3\[1234\] of train\.service, killed \(SIGKILL\) .*; opened by 3, all ended\.$/m,
    );
    const { life } = JSON.parse((await show(['--json'], { watch: WATCH, lives: [living] })).out);
    expect(life).toMatchObject({ makerKnown: true, actors: { length: 4 } });
    expect(JSON.parse((await show(['--json'], { lives: [] })).out)).not.toHaveProperty('life');
  });

  test('says where nothing was watched, or why that cannot be read, and shows the rest all the same', async () => {
    expect((await show([], { lives: [] })).out).toMatch(/^Life +Nothing was watched: shmtop witness/m);
    const { out, exitCode } = await show([], 'it is damaged');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Life +What was watched cannot be read: it is damaged\.$/m);
    expect(out).toContain('Identity');
  });
});
