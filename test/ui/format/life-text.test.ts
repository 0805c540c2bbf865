// A life in words: each way to be made, used, ended and removed, what is missing in it, and names of an enemy.
import { describe, expect, test } from 'vitest';
import { findLife, latestLife } from '../../../src/probe/model/life/find-life.ts';
import type { Ending, KnownLife, Life } from '../../../src/probe/model/life/life.ts';
import { spellEnding } from '../../../src/ui/format/actor-text.ts';
import { lifeLines, lifeSentence } from '../../../src/ui/format/life-text.ts';
import { deed, HOSTILE, KILLED, minute, REMOVED, SEGMENT, WATCH } from '../sample-lives.ts';
import { named, segment } from '../sample-objects.ts';

const NOW_MS = minute(20);
const sentence = (life: Life) => lifeSentence(life, WATCH, NOW_MS);
const told = (known: Partial<KnownLife>) => lifeLines({ watch: WATCH, life: REMOVED, ...known }, NOW_MS).join(' ');

describe('the sentence', () => {
  test('says who made it and how that ended, who used it, and who removed it', () => {
    expect(sentence(REMOVED)).toBe(
      'Made 12:01 by python3[1234] of train.service, killed (SIGKILL) 12:03; opened by 3, all ended; removed by systemd-logind[411] 12:09.',
    );
  });

  test('of a segment speaks of attaches, of one user by name, of sizes, and of makers that were not told', () => {
    expect(sentence(SEGMENT)).toBe(
      'Made 12:01, by whom was not told; attached by worker[7]; resized 1 time, last to 8.0K.',
    );
  });

  test('does not say that somebody ended whose end was not told', () => {
    const actors = REMOVED.actors.map((actor, at) => (at === 2 ? { pid: 2, comm: 'worker' } : actor));
    expect(sentence({ ...REMOVED, actors })).toContain('opened by 3, 1 not seen to end');
    const maker = { ...KILLED, ended: undefined };
    expect(sentence({ ...REMOVED, actors: [maker], deeds: [deed(1, 'made', 0)], goneMs: undefined })).toBe(
      'Made 12:01 by python3[1234] of train.service; opened by nobody else.',
    );
  });

  test('does not say that all ended where some were not kept', () => {
    const text = sentence({ ...REMOVED, actorsLeftOut: 9 });
    expect(text).toContain('opened by 12, 3 ended, of 9 of them nothing was kept');
    expect(text).not.toContain('all ended');
  });

  test('of what was there before says so, and calls nobody its maker', () => {
    const text = sentence({ ...REMOVED, bornMs: undefined, deeds: REMOVED.deeds.slice(1) });
    expect(text).toMatch(/^Watched since 12:00; made before that; opened by 4, all ended;/);
    expect(text).not.toContain('made by');
  });

  test('says that it is gone where nobody told who removed it', () => {
    expect(sentence({ ...REMOVED, deeds: REMOVED.deeds.slice(0, -1) })).toContain(
      'gone since 12:09, removed by whom was not told',
    );
  });

  test('of another day has the day', () => {
    expect(lifeSentence(REMOVED, WATCH, NOW_MS + 86_400_000)).toMatch(/^Made 2026-01-31 12:01 by/);
  });
});

test.each<[Partial<Ending>, string]>([
  [{ exitCode: 0 }, 'ended in order (exit 0)'],
  [{ exitCode: 3 }, 'failed (exit 3)'],
  [{ signal: 9 }, 'killed (SIGKILL)'],
  [{ signal: 9, isOom: true }, 'killed for want of memory (SIGKILL)'],
  [{ signal: 11 }, 'crashed (SIGSEGV)'],
  [{ signal: 15 }, 'ended by SIGTERM'],
  [{ signal: 40 }, 'ended by signal 40'],
  [{}, 'ended'],
])('an ending %j is told as %s', (ending, text) => {
  expect(spellEnding({ atMs: 0, ...ending })).toBe(text);
});

describe('what is missing', () => {
  test('is said: nothing watched, nothing seen of it, a store that cannot be read', () => {
    expect(told({ watch: undefined, life: undefined })).toContain('shmtop witness');
    expect(told({ life: undefined })).toBe('Watched since 12:00; of this object nothing was seen.');
    expect(told({ problem: 'it is damaged \x1b[2J' })).toBe('What was watched cannot be read: it is damaged \\x1b[2J.');
  });

  test('are users between two looks, gaps within its life and none outside, and a witness that stopped', () => {
    expect(told({ life: { ...SEGMENT, unseenMs: minute(6) } })).toContain(
      'may have used it unseen, 12:06 at the latest',
    );
    const gaps = [
      { fromMs: minute(-30), untilMs: minute(-20), why: 'stopped' },
      { fromMs: minute(2), untilMs: minute(3), why: 'overflow' },
      { fromMs: minute(15), untilMs: minute(16), why: 'clock' },
    ];
    const text = told({ watch: { ...WATCH, gaps } });
    expect(text).toContain('Not watched 12:02 to 12:03: overflow.');
    expect(text).not.toMatch(/stopped|clock/);
    expect(told({ watch: { ...WATCH, isRunning: false } })).toContain('what happened since 12:10 was not seen');
    const lasting = [{ fromMs: minute(5), why: 'stopped' }];
    expect(told({ watch: { ...WATCH, isRunning: false, gaps: lasting } })).toMatch(
      /Not watched since 12:05: stopped\.$/,
    );
    const many = Array.from({ length: 9 }, () => ({ fromMs: minute(2), untilMs: minute(3), why: 'overflow' }));
    expect(told({ watch: { ...WATCH, gaps: many } })).toContain('Nor in 6 earlier gaps.');
  });
});

test('names of an enemy neither reach the terminal raw nor go on as our sentence', () => {
  const text = sentence(HOSTILE);
  expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
  expect(text).toBe(
    'Made 12:01 by "x[1]; removed by"[66] of "root[1] 12:00; made by \\x22b\\x22\\x1b]52;c;eA==\\x07"; ' +
      'opened by \\xe2\\x80\\xae[67] of container "w\\x1b[2J"; renamed to /\\x1b[2Jnew.',
  );
});

describe('the life of an object', () => {
  const file = named('x', { id: 'posix:0:27:12', btimeSec: 1769857200.5 });
  test('is told by its birth from that of an earlier one with the same inode', () => {
    const earlier = { ...REMOVED, identity: 'file 0:27 12 1769850000000000000', goneMs: minute(-5) };
    expect(findLife([REMOVED, earlier], file)).toBe(REMOVED);
    expect(findLife([earlier], file)).toBeUndefined();
    expect(findLife([REMOVED], { ...file, id: 'unlinked:0:27:12', kind: 'unlinked' })).toBe(REMOVED);
    expect(latestLife([earlier, REMOVED], 'posix:0:27:12')).toBe(REMOVED);
    expect(latestLife([REMOVED], 'posix:0:27:13')).toBeUndefined();
  });

  test('of a segment is not that of another with the same number: gone, or with another maker, key or later birth', () => {
    const own = segment(5, {
      id: SEGMENT.id,
      key: '0x00005301',
      ctimeSec: 1769857200,
      creator: { pid: 10, state: 'dead' },
    });
    expect(findLife([SEGMENT], own)).toBe(SEGMENT);
    expect(findLife([{ ...SEGMENT, goneMs: minute(2) }], own)).toBeUndefined();
    expect(findLife([SEGMENT], { ...own, creator: { pid: 11, state: 'dead' } })).toBeUndefined();
    expect(findLife([SEGMENT], { ...own, key: '0x00005302' })).toBeUndefined();
    expect(findLife([SEGMENT], { ...own, key: '0x00000000', status: ['dest'] })).toBe(SEGMENT);
    expect(findLife([SEGMENT], { ...own, ctimeSec: 1769857100 })).toBeUndefined();
  });
});
