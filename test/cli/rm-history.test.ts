// `rm --history`: in words, and as much of it as was asked for.
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { HistoryEntry } from '../../src/remove/model/history.ts';
import { NOTHING } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const DAY_MS = 86_400_000;
const entry = (seq: number, daysAgo: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ at: new Date(Date.now() - daysAgo * DAY_MS).toISOString(), state: 'done', run: 'r', seq, pid: 1, user: 'root' },
  ...{
    id: `sysv:1:${seq}`,
    shortId: `sysv:${seq}`,
    name: '0x0',
    verdict: 'abandoned',
    how: 'freed-now',
    freedBytes: 4096,
  },
  evidence: ['nobody-attached', 'creator-dead 4711', 'software-leftover {"software":"PyTorch"}'],
  ...more,
});

async function history(words: readonly string[], entries: readonly HistoryEntry[]) {
  const fail = () => {
    throw new Error('nothing is removed here');
  };
  const removal = { execute: fail, restore: fail, history: () => ({ entries, malformed: 0 }) };
  const world = fakeWorld(NOTHING, { removal });
  const exitCode = await runProgram(['rm', ...words], world.context);
  return {
    exitCode,
    out: world.out(),
    err: world.err(),
    ids: Array.from(world.out().matchAll(/sysv:\d+(?= )/g), ([id]) => id),
  };
}

const all = [entry(1, 9), entry(2, 3), entry(3, 1), entry(4, 0)];

describe('rm --history', () => {
  it('says why, in words', async () => {
    const { out } = await history(['--history'], [entry(1, 0)]);
    expect(out).toContain('creator 4711 is gone; PyTorch leaves such an object behind only when it was killed');
    expect(out).not.toMatch(/creator-dead|nobody-attached|[{}]/);
    const [removal] = JSON.parse((await history(['--history', '--json'], [entry(1, 0)])).out).removals;
    expect(removal.evidence).toEqual(['nobody-attached', 'creator-dead 4711', 'software-leftover']);
    expect(removal.why[1]).toBe('creator 4711 is gone');
  });

  it.each([
    [[], ['sysv:1', 'sysv:2', 'sysv:3', 'sysv:4']],
    [
      ['--since', '4d'],
      ['sysv:2', 'sysv:3', 'sysv:4'],
    ],
    [
      ['--last', '2'],
      ['sysv:3', 'sysv:4'],
    ],
    [['--since', '4d', '--last', '1'], ['sysv:4']],
  ])('%j', async (words, ids) => {
    expect((await history(['--history', ...words], all)).ids).toEqual(ids);
    const { removals } = JSON.parse((await history(['--history', '--json', ...words], all)).out);
    expect(removals.map(({ shortId }: { shortId: string }) => shortId)).toEqual(ids);
  });

  it('tells one without a time, whatever time is asked for: it may be of it', async () => {
    expect((await history(['--history', '--since', '1h'], [entry(1, 9, { at: '' }), entry(2, 9)])).ids).toEqual([
      'sysv:1',
    ]);
  });

  it('says that nothing was in this time, and what makes no sense', async () => {
    expect((await history(['--history', '--since', '1h'], [entry(1, 9)])).out).toBe(
      'nothing was removed in this time\n',
    );
    expect(await history(['--history', '--last', '0'], all)).toMatchObject({ exitCode: 2, out: '' });
    expect(await history(['sysv:1', '--last', '3'], all)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('go with --history'),
    });
  });
});
