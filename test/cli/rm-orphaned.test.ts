// `rm --orphaned` and `rm` of an orphaned object: what is asked, with which evidence, and what is never done without being asked.
import { describe, expect, test } from 'vitest';
import type { ExecuteRequest } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { ShmObject, VerdictState } from '../../src/probe/model/object.ts';
import type { Plan } from '../../src/remove/model/plan.ts';
import { sumUp } from '../../src/remove/model/report.ts';
import { SERVER } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const OLD_MS = SERVER.takenAtMs - 1_000_000;

function segment(shmid: number, state: VerdictState, more: Partial<ShmObject> = {}): ShmObject {
  return {
    id: `sysv:1:${shmid}`,
    shortId: `sysv:${shmid}`,
    kind: 'sysv',
    rawName: '0x00005301',
    key: '0x00005301',
    shmid,
    ipcNamespace: '1',
    sizeBytes: 4096,
    rssBytes: 4096,
    nattch: 0,
    perms: '600',
    ctimeSec: OLD_MS / 1000,
    status: [],
    holders: [],
    verdict: {
      state,
      evidence: [{ code: 'nobody-attached' }, { code: 'creator-dead', pid: 11 }, { code: 'last-user-dead', pid: 12 }],
    },
    ...more,
  };
}

const ALL = [
  segment(1, 'abandoned'),
  segment(2, 'orphaned'),
  segment(3, 'unheld'),
  segment(4, 'in-use'),
  segment(5, 'orphaned', { shortId: 'sysv:5@77', ipcNamespace: '77' }),
];

async function rm(words: readonly string[], answer?: string) {
  const removed: string[] = [];
  const questions: string[] = [];
  const ages: number[] = [];
  const world = fakeWorld(
    { ...SERVER, objects: ALL },
    {
      removal: {
        execute: (plans: readonly Plan[], { minAgeSec }: ExecuteRequest) => {
          removed.push(...plans.map(({ object }) => object.shortId));
          ages.push(minAgeSec);
          const outcome = { kind: 'removed', how: 'freed-now', freedBytes: 4096 } as const;
          return sumUp(
            plans.map((plan) => ({ plan, outcome })),
            [],
            undefined,
          );
        },
        restore: () => {
          throw new Error('not in this test');
        },
        history: () => ({ problem: 'not in this test' }),
      },
      ask:
        answer === undefined
          ? undefined
          : (question) => {
              questions.push(question);
              return answer;
            },
    },
  );
  const exitCode = await runProgram(['rm', ...words], world.context);
  return { exitCode, removed, questions, ages, out: world.out(), err: world.err() };
}

describe('rm --orphaned', () => {
  test('asks, with what speaks for a leak and what for a return, and says that nothing is proven', async () => {
    const { questions, removed, err, exitCode } = await rm(['--orphaned'], 'y');
    expect(err).toContain('    why: nobody is attached');
    expect(err).toContain('    speaks for a leak: creator 11 is gone; last user 12 is gone');
    expect(err).toContain('    speaks for a return: nothing that is known');
    expect(questions).toEqual([
      'Remove sysv:2 (orphaned: nothing proves that nobody will come back), 4.0K come back? [y/N] ',
    ]);
    expect(removed).toEqual(['sysv:2']);
    expect(exitCode).toBe(0);
  });

  test('takes nothing that is abandoned, unheld, in use or elsewhere with it; both together where both are asked for', async () => {
    expect((await rm(['--orphaned'], 'y')).err).toContain('1 object in another namespace stayed');
    expect((await rm(['--abandoned'], 'y')).removed).toEqual(['sysv:1']);
    expect((await rm(['--unheld'], 'y')).removed).toEqual(['sysv:3']);
    const both = await rm(['--abandoned', '--orphaned'], 'y');
    expect(both.removed).toEqual(['sysv:1', 'sysv:2']);
    expect(both.questions[0]).toBe(
      'Remove 2 objects (1 of them orphaned: nothing proves that nobody will come back), 8.0K come back? [y/N] ',
    );
    expect((await rm(['--orphaned', 'ns=77'], 'y')).removed).toEqual(['sysv:5@77']);
  });

  test.each([[['--orphaned', '--yes']], [['--orphaned', '-y', '--json']], [['--abandoned', '--orphaned', '--yes']]])(
    '%j removes nothing: how long nobody must have used it has to be said',
    async (words) => {
      for (const answer of [undefined, 'y']) {
        const { exitCode, removed, err, questions } = await rm(words, answer);
        expect({ exitCode, removed, questions }).toEqual({ exitCode: 2, removed: [], questions: [] });
        expect(err).toContain('--orphaned with --yes needs --min-age');
        expect(err).toContain('--min-age 1d');
      }
    },
  );

  test('--yes beside --min-age asks nothing, and that age is what it is looked at again with', async () => {
    const { removed, questions, ages, exitCode } = await rm(['--orphaned', '--yes', '--min-age', '1d'], 'n');
    expect({ removed, questions, ages, exitCode }).toEqual({
      removed: ['sysv:2'],
      questions: [],
      ages: [86_400],
      exitCode: 0,
    });
  });

  test('where nobody can be asked it says with which words it goes, and removes nothing', async () => {
    const { removed, err, exitCode } = await rm(['--orphaned']);
    expect({ removed, exitCode }).toEqual({ removed: [], exitCode: 1 });
    expect(err).toContain('give --yes --min-age 1d, or --dry-run');
  });

  test('--dry-run shows the plan with both sides, --json its verdict, and neither removes anything', async () => {
    const text = await rm(['--orphaned', '--dry-run', '--yes']);
    expect(text.out).toMatch(/^sysv:2 {2}orphaned {2}4\.0K/);
    expect(text.out).toContain('speaks for a leak: creator 11 is gone');
    const json = JSON.parse((await rm(['--orphaned', '--dry-run', '--json'])).out);
    expect(json.planned).toMatchObject([{ id: 'sysv:1:2', verdict: 'orphaned' }]);
    expect(text.removed).toEqual([]);
  });
});

test('rm ID of an orphaned one asks, and any answer but yes keeps it', async () => {
  const { questions, removed } = await rm(['sysv:2'], '');
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain('nothing proves that nobody will come back');
  expect(removed).toEqual([]);
  expect((await rm(['sysv:2'])).removed).toEqual([]);
});
