// Every way from a key to a confirmed removal, and every way out of it, on plain data.
import { describe, expect, test } from 'vitest';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import type { Plan } from '../../../src/remove/model/plan.ts';
import { refuse, refuseChanged } from '../../../src/remove/model/refusal.ts';
import { type Outcome, sumUp } from '../../../src/remove/model/report.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { COUNTDOWN_MS } from '../../../src/ui/state/removal.ts';
import { modeOf, rowIds, selectedObject } from '../../../src/ui/state/select.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { head, NOW_MS, NOW_SEC, named, segment, stateWith, tick } from '../sample-objects.ts';

const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const clock = (state: State, ...timesMs: number[]): State =>
  timesMs.reduce(
    (now, nowMs) => reduce(now, { type: 'clock', nowMs: NOW_MS + nowMs, lastTickMs: NOW_MS + nowMs }),
    state,
  );
/** The clock as the dashboard has it while something counts down. */
const wait = (state: State, ms: number, fromMs = 0): State =>
  clock(state, ...Array.from({ length: Math.floor(ms / 100) + 1 }, (_, at) => fromMs + at * 100));
const type = (state: State, text: string, atMs = 0): State =>
  [...text].reduce((now, char) => reduce(now, { type: 'prompt-key', key: char, text: char, atMs }), state);
const enter = (state: State, atMs = 1000): State => reduce(state, { type: 'prompt-key', key: 'enter', atMs });
const later = (state: State, changed: readonly ShmObject[], removed: readonly string[] = []): State =>
  reduce(state, { type: 'tick', tick: tick(changed, { removed, head: head({ takenAtMs: NOW_MS + 1000 }) }) });
const working = (state: State): readonly Plan[] => (state.removal?.kind === 'working' ? state.removal.plans : []);
const goes = (state: State) => working(state).map(({ object }) => object.shortId);

const UNHELD = named('leftover', {
  holders: [],
  verdict: { state: 'unheld', evidence: [{ code: 'lease-free' }, { code: 'maker-unknown' }] },
});
const UNKNOWN = named('hidden', {
  holders: [],
  verdict: { state: 'unknown', evidence: [{ code: 'not-inspected', count: 3 }] },
});
const MEMFD = named('gone', { kind: 'memfd', shortId: 'memfd:0:1:9', id: 'memfd:0:1:9' });
/** What a question is about, in a few words. */
const asked = ({ removal }: State) => {
  if (removal?.kind !== 'dialog') return undefined;
  const { about, goes, hidden, apart, forced } = removal.question;
  return { about, goes, hidden, apart, forced: forced !== undefined };
};
/** The message of a state in which nothing is being removed. */
const ended = (state: State) => {
  expect(state.removal).toBeUndefined();
  return state.message;
};
const start = (...objects: ShmObject[]) => stateWith(objects);

describe('an object that goes while it is selected', () => {
  const tickAt = (state: State, ms: number, removed: readonly string[] = []): State =>
    reduce(state, { type: 'tick', tick: tick([], { removed, head: head({ takenAtMs: NOW_MS + ms }) }) });
  const gone = (state: State) => tickAt(tickAt(state, 1000, [segment(1).id]), 6000);

  test('is not replaced by its neighbour in the details', () => {
    const looking = press(start(segment(1), segment(2)), 'first', 'open');
    expect(selectedObject(looking)?.shmid).toBe(1);
    expect(tickAt(looking, 1000, [segment(1).id]).detail).toBeDefined();
    expect(gone(looking).detail).toBeUndefined();
    expect(gone(looking).message?.text).toBe('sysv:1 is gone.');
  });

  test('is not replaced by its neighbour under the key that removes', () => {
    const slid = gone(press(start(segment(1), segment(2)), 'first'));
    expect(selectedObject(slid)?.shmid).toBe(2);
    const asked = press(slid, 'remove');
    expect(ended(asked)?.text).toBe('sysv:1 is gone; selected now is sysv:2. Press again if that is meant.');
    expect(press(asked, 'remove').removal?.kind).toBe('countdown');
    expect(press(slid, 'up', 'remove').removal?.kind).toBe('countdown');
    expect(press(tickAt(slid, 7000), 'remove').removal?.kind).toBe('countdown');
  });
});

describe('the countdown', () => {
  test('starts with one key on one abandoned object, and removes it when nothing is left of its three seconds', () => {
    const counting = press(start(segment(5)), 'remove');
    expect(counting.removal).toMatchObject({ kind: 'countdown', leftMs: COUNTDOWN_MS });
    expect(modeOf(counting)).toBe('countdown');
    expect(goes(wait(counting, COUNTDOWN_MS - 100))).toEqual([]);
    const done = wait(counting, COUNTDOWN_MS);
    expect(goes(done)).toEqual(['sysv:5']);
    expect(working(done)).toMatchObject([{ consent: 'plain', isForced: false, listedAtMs: NOW_MS }]);
  });

  test('Enter removes at once, but not in the moment in which it appears', () => {
    const counting = press(start(segment(5)), 'remove');
    expect(goes(press(counting, 'accept'))).toEqual([]);
    expect(goes(press(clock(counting, 0), 'accept'))).toEqual([]);
    expect(goes(press(clock(counting, 0, 100), 'accept'))).toEqual(['sysv:5']);
  });

  test('Esc keeps it and says so, and no other key does anything', () => {
    const counting = press(start(segment(5), segment(6)), 'remove');
    for (const intent of ['down', 'remove', 'remove-abandoned', 'help', 'tag', 'filter', 'next-screen'] as const)
      expect(press(counting, intent)).toEqual(counting);
    const kept = press(counting, 'back');
    expect(kept.removal).toBeUndefined();
    expect(kept.message?.text).toBe('Kept sysv:5.');
    expect(goes(wait(kept, 10_000))).toEqual([]);
  });

  test('belongs to the object: rows that come, go and change their order move it to no other', () => {
    const counting = press(start(...[1, 2, 3].map((id) => segment(id, { rssBytes: id * 4096 }))), 'down', 'remove');
    const id = selectedObject(counting)?.shortId ?? '';
    const moved = later(counting, [segment(9, { rssBytes: 1e9 }), segment(1, { rssBytes: 1e8 })], [segment(3).id]);
    expect(goes(wait(moved, COUNTDOWN_MS))).toEqual([id]);
  });

  test('ends when the object is no longer abandoned, or gone', () => {
    const counting = press(start(segment(5)), 'remove');
    const attached = segment(5, {
      nattch: 1,
      verdict: { state: 'in-use', evidence: [{ code: 'attached', count: 1 }] },
    });
    expect(ended(later(counting, [attached]))).toMatchObject({ text: 'Kept sysv:5: it is in-use now.' });
    expect(ended(later(counting, [], [segment(5).id]))).toMatchObject({ text: 'sysv:5 is gone already.' });
  });

  test('never jumps: a program that was stopped for an hour goes on where it was', () => {
    const counting = clock(press(start(segment(5)), 'remove'), 0, 100, 3_600_000);
    expect(counting.removal).toMatchObject({ kind: 'countdown', leftMs: COUNTDOWN_MS - 100 - 250 });
    expect(clock(counting, 1000).removal).toMatchObject({ kind: 'countdown', leftMs: COUNTDOWN_MS - 350 });
  });

  test('is a dialog where the settings say so, and where there is no room to show it', () => {
    expect(press({ ...start(segment(5)), confirm: 'ask' }, 'remove').removal?.kind).toBe('dialog');
    expect(press(stateWith([segment(5)], { rows: 3 }), 'remove').removal?.kind).toBe('dialog');
    expect(press(stateWith([segment(5)], { columns: 20 }), 'remove').removal?.kind).toBe('dialog');
    const shrunk = reduce(press(start(segment(5)), 'remove'), { type: 'resize', columns: 80, rows: 3 });
    expect(shrunk.removal?.kind).toBe('dialog');
    expect(goes(wait(shrunk, 10_000))).toEqual([]);
  });

  test('a click and the wheel change nothing, not even on a tab', () => {
    const counting = press(start(segment(5), segment(6)), 'remove');
    expect(reduce(counting, { type: 'click', x: 22, y: 0 })).toBe(counting);
    expect(reduce(counting, { type: 'click', x: 20, y: 8 })).toBe(counting);
    expect(reduce(counting, { type: 'wheel', lines: 3 })).toBe(counting);
  });
});

describe('the question', () => {
  test('for what is unheld has Cancel marked: Enter alone removes nothing', () => {
    const asking = press(start(UNHELD), 'remove');
    expect(asking.removal).toMatchObject({
      kind: 'dialog',
      isRemoveMarked: false,
      question: { about: 'one', goes: 1 },
    });
    const cancelled = press(asking, 'accept');
    expect(ended(cancelled)).toMatchObject({ text: 'Nothing was removed.' });
    expect(ended(press(asking, 'back'))).toMatchObject({ text: 'Nothing was removed.' });
    expect(goes(press(asking, 'right', 'accept'))).toEqual(['posix:/leftover']);
    expect(goes(press(asking, 'toggle', 'accept'))).toEqual(['posix:/leftover']);
    expect(goes(press(asking, 'right', 'left', 'accept'))).toEqual([]);
    expect(goes(press(asking, 'toggle', 'toggle', 'accept'))).toEqual([]);
  });

  test('no time confirms it', () => {
    expect(goes(wait(press(start(UNHELD), 'remove', 'right'), 60_000))).toEqual([]);
  });

  test('for what cannot be removed there is nothing to mark, and Enter closes it', () => {
    for (const object of [UNKNOWN, MEMFD, named('x', { kind: 'file', id: 'file:1:2:3', shortId: 'file:1:2:3' })]) {
      const asking = press(start(object), 'remove');
      expect(asked(asking)).toMatchObject({ goes: 0, forced: false });
      expect(press(asking, 'right', 'toggle').removal).toMatchObject({ isRemoveMarked: false });
      expect(ended(press(asking, 'right', 'accept'))).toBeUndefined();
    }
  });

  test('for tagged rows is about them and not about the selected one; what is in use, unknown or nameless among them stays', () => {
    const held = named('held');
    const state = start(segment(1), segment(2), UNHELD, held, UNKNOWN, MEMFD);
    const ids = [segment(1), UNHELD, held, UNKNOWN, MEMFD].map(({ id }) => id);
    const asking = press({ ...state, tags: new Set(ids) }, 'remove');
    expect(asked(asking)).toMatchObject({ about: 'tagged', goes: 2, forced: false });
    const question = asking.removal?.kind === 'dialog' ? asking.removal.question : undefined;
    expect(question?.plans.map(({ refusal }) => refusal?.code)).toEqual([
      undefined,
      undefined,
      'in-use',
      'unknown',
      'no-name',
    ]);
    expect(goes(press(asking, 'right', 'accept'))).toEqual(['sysv:1', 'posix:/leftover']);
  });

  test('one tagged row asks too, and offers no typed way', () => {
    const held = named('held');
    const one = press({ ...start(segment(1), held), tags: new Set([segment(1).id]) }, 'remove');
    expect(one.removal).toMatchObject({ kind: 'dialog', question: { about: 'tagged', goes: 1 } });
    const other = press({ ...start(segment(1), held), tags: new Set([held.id]) }, 'remove');
    expect(asked(other)).toMatchObject({ about: 'tagged', goes: 0, forced: false });
  });

  test('says so when what was tagged, or selected, is gone', () => {
    const tagged = { ...start(segment(1)), tags: new Set(['sysv:4026531839:77']) };
    expect(ended(press(tagged, 'remove'))).toMatchObject({ text: 'What was tagged is gone.' });
    const ghost = press(later(start(segment(1)), [], [segment(1).id]), 'remove');
    expect(ended(ghost)).toMatchObject({ text: 'sysv:1 is gone already.' });
  });

  test('is about nothing where no object is selected', () => {
    expect(press(start(), 'remove').message?.text).toBe('Nothing is selected.');
    expect(press(start(segment(1)), 'screen-2', 'remove').message?.text).toContain('press 1');
    expect(press(start(segment(1)), 'tree', 'first', 'remove').message?.text).toContain('A whole group');
  });

  test('waits until everything is listed', () => {
    const state = start(segment(1));
    const partial: State = { ...state, data: { ...state.data, stage: 'partial' } };
    expect(ended(press(partial, 'remove'))?.text).toContain('Not all is listed yet');
    expect(ended(press(partial, 'remove-abandoned'))?.text).toContain('Not all is listed yet');
  });

  test('keeps the order of the rows, the selection and what is gone in its place until it is closed', () => {
    const objects = [1, 2, 3, 4].map((id) => segment(id, { rssBytes: id * 4096 }));
    const asking = press({ ...start(...objects), confirm: 'ask' }, 'down', 'remove');
    const before = rowIds(asking);
    const changed = later(asking, [segment(1, { rssBytes: 1e9 }), segment(50, { rssBytes: 2e9 })], [segment(2).id]);
    expect(rowIds(changed)).toEqual(before);
    expect(selectedObject(changed)?.id).toBe(selectedObject(asking)?.id);
    expect(rowIds(press(changed, 'back'))[0]).toBe(segment(50).id);
  });

  test('keeps the order of the groups of the tree', () => {
    const groups = press(
      { ...start(segment(1), named('a', { allocatedBytes: 8192 })), confirm: 'ask' },
      'tree',
      'tree',
    );
    const asking = press(groups, 'down', 'remove');
    expect(asking.removal?.kind).toBe('dialog');
    expect(rowIds(later(asking, [segment(1, { rssBytes: 1e9 })]))).toEqual(rowIds(asking));
  });

  test('is asked from what is shown while paused, and the plan is as old as that', () => {
    const paused = later(press(start(UNHELD), 'pause'), [
      named('leftover', { holders: [], sizeBytes: 9, verdict: UNHELD.verdict }),
    ]);
    const confirmed = press(paused, 'remove', 'right', 'accept');
    expect(working(confirmed)).toMatchObject([{ listedAtMs: NOW_MS, object: { sizeBytes: 1_048_576 } }]);
  });

  test('is as new as the last listing that still shows the very same object', () => {
    const asking = press(start(UNHELD, segment(1)), 'last', 'remove', 'right');
    const same = press(later(asking, [segment(1, { rssBytes: 1e9 })]), 'accept');
    expect(working(same)).toMatchObject([{ listedAtMs: NOW_MS + 1000 }]);
    const touched = press(later(asking, [{ ...UNHELD, atimeSec: NOW_SEC }]), 'accept');
    expect(working(touched)).toMatchObject([{ listedAtMs: NOW_MS }]);
    expect(working(touched)[0].object.atimeSec).toBeUndefined();
  });

  test('a listing that is still arriving dates nothing', () => {
    const asking = press(start(UNHELD), 'remove', 'right');
    const partly = reduce(asking, {
      type: 'tick',
      tick: tick([segment(1)], { isPart: true, head: head({ takenAtMs: NOW_MS + 1000 }) }),
    });
    expect(working(press(partly, 'accept'))).toMatchObject([{ listedAtMs: NOW_MS }]);
  });
});

describe('what is on the never-touch list', () => {
  const evidence = [{ code: 'lease-free' }, { code: 'never-touch', detail: 'names "/kept" in c.toml line 2' }] as const;
  const keptAs = (state: 'unheld' | 'in-use') => named('kept', { holders: [], verdict: { state, evidence } });

  test.each(['unheld', 'in-use'] as const)('(%s) is not removed by any key, and the line is told', (verdict) => {
    const opened = press(start(keptAs(verdict)), 'first', 'remove');
    expect(asked(opened)).toMatchObject({ about: 'one', goes: 0, forced: false });
    const { removal } = opened;
    expect(removal?.kind === 'dialog' && removal.question.plans[0]?.refusal?.reason).toContain('c.toml line 2');
    expect(goes(press(opened, 'accept'))).toEqual([]);
  });

  test('stays where it is tagged beside others', () => {
    const state = press(start(keptAs('unheld'), UNHELD), 'first', 'tag', 'last', 'tag', 'remove');
    expect(asked(state)).toMatchObject({ about: 'tagged', goes: 1 });
  });
});

describe('what is in use', () => {
  const held = named('held');
  const typing = press(start(held), 'remove', 'right', 'accept');

  test('is refused first, and goes only when its ID was typed', () => {
    expect(press(start(held), 'remove').removal).toMatchObject({ question: { goes: 0, forced: { isForced: true } } });
    expect(press(start(held), 'remove', 'accept').removal).toBeUndefined();
    expect(typing.removal?.kind).toBe('typed');
    expect(modeOf(typing)).toBe('prompt');
    const done = enter(type(typing, 'posix:/held'));
    expect(working(done)).toMatchObject([{ isForced: true, consent: 'typed', object: { shortId: 'posix:/held' } }]);
  });

  test('stays when anything else was typed, and its typing goes on', () => {
    for (const text of ['', 'y', 'posix:/hel', 'posix:/heldx', 'held']) {
      const wrong = enter(type(typing, text));
      expect(wrong.removal).toMatchObject({ kind: 'typed', problem: 'other' });
    }
    const corrected = type(enter(type(typing, 'posix:/hel')), 'd');
    expect(goes(enter(corrected))).toEqual(['posix:/held']);
  });

  test('a paste fills the line and never confirms it, nor does the Enter that comes with it', () => {
    const pasted = reduce(typing, { type: 'paste', text: ' posix:/held\n', atMs: 500 });
    expect(pasted.removal).toMatchObject({ kind: 'typed', line: { text: 'posix:/held' } });
    expect(enter(pasted, 505).removal).toMatchObject({ kind: 'typed', problem: 'too-fast' });
    expect(goes(enter(pasted, 1500))).toEqual(['posix:/held']);
    expect(enter(type(typing, 'posix:/held', 500), 510).removal).toMatchObject({ problem: 'too-fast' });
  });

  test('Esc and Ctrl-C keep it', () => {
    for (const key of ['escape', 'ctrl-c'])
      expect(ended(reduce(type(typing, 'posix:/held'), { type: 'prompt-key', key }))).toMatchObject({
        text: 'Nothing was removed.',
      });
  });

  test('a hostile name is typed as it is shown', () => {
    const hostile = named('h', { rawName: '/a\x1b\xff', shortId: 'posix:/a\\x1b\\xff' });
    const line = type(press(start(hostile), 'remove', 'right', 'accept'), 'posix:/a\\x1b\\xff');
    expect(goes(enter(line))).toEqual(['posix:/a\\x1b\\xff']);
  });

  test('a segment that is marked already is not offered again: it goes by itself', () => {
    const dest = segment(7, {
      nattch: 1,
      status: ['dest'],
      verdict: { state: 'in-use', evidence: [{ code: 'attached', count: 1 }] },
    });
    expect(asked(press(start(dest), 'remove'))).toMatchObject({ goes: 0, forced: false });
  });
});

describe('all that is abandoned', () => {
  test('is listed, with Cancel marked, and nothing else goes with it', () => {
    const asking = press(start(segment(1), segment(2), UNHELD, named('held')), 'remove-abandoned');
    expect(asking.removal).toMatchObject({
      isRemoveMarked: false,
      question: { about: 'abandoned', goes: 2, hidden: 0, apart: 0 },
    });
    expect(goes(press(asking, 'accept'))).toEqual([]);
    expect(goes(press(asking, 'right', 'accept')).toSorted()).toEqual(['sysv:1', 'sysv:2']);
  });

  test('is only what the filter shows, and the rest is counted', () => {
    const state = start(segment(1), segment(2), segment(3, { user: 'anna' }));
    const filtered = 'user=anna'.split('').reduce((now, char) => type(now, char), press(state, 'filter'));
    const asking = press(reduce(filtered, { type: 'prompt-key', key: 'enter' }), 'remove-abandoned');
    expect(asking.removal).toMatchObject({ question: { goes: 1, hidden: 2 } });
    expect(goes(press(asking, 'right', 'accept'))).toEqual(['sysv:3']);
  });

  test('what goes only one by one is counted and left', () => {
    const linked = named('two', {
      links: 2,
      holders: [],
      verdict: { state: 'abandoned', evidence: [{ code: 'lease-free' }] },
    });
    expect(press(start(segment(1), linked), 'remove-abandoned').removal).toMatchObject({
      question: { goes: 1, apart: 1 },
    });
    expect(press(start(linked), 'remove-abandoned').message?.text).toContain('not to be removed in bulk');
  });

  test('says so when there is nothing', () => {
    expect(ended(press(start(UNHELD), 'remove-abandoned'))).toMatchObject({
      text: 'Nothing is abandoned.',
      kind: 'good',
    });
    const orphan = segment(3, { verdict: { state: 'orphaned', evidence: [] } });
    expect(press(start(UNHELD, orphan), 'remove-abandoned').message).toMatchObject({
      text: 'Nothing is abandoned. 1 orphaned: d on one, or on several tagged with Space, asks.',
      kind: 'warning',
    });
  });
});

describe('while it works and after', () => {
  const removed = (freedBytes: number): Outcome => ({ kind: 'removed', how: 'freed-now', freedBytes });
  const done = (state: State, outcomes: readonly Outcome[], notes: readonly string[] = []) =>
    reduce(state, {
      type: 'removal-done',
      report: sumUp(
        working(state).map((plan, at) => ({ plan, outcome: outcomes[at] })),
        notes,
        undefined,
      ),
    });
  const all = (count: number) =>
    press(start(...Array.from({ length: count }, (_, at) => segment(at))), 'remove-abandoned', 'right', 'accept');

  test('the table takes its keys again, another removal waits, and Esc stops this one', () => {
    const state = all(3);
    expect(modeOf(state)).toBe('table');
    expect(press(state, 'remove').message?.text).toContain('at work');
    expect(press(state, 'remove-abandoned').removal).toBe(state.removal);
    expect(press(state, 'back').removal).toMatchObject({ kind: 'working', isStopping: true });
    expect(reduce(state, { type: 'removal-progress', done: 2 }).removal).toMatchObject({ done: 2 });
    expect(working(reduce(state, { type: 'removal-progress', done: 2 }))).toBe(working(state));
  });

  test('one line tells what became of it when that says all', () => {
    const one = done(wait(press(start(segment(5)), 'remove'), COUNTDOWN_MS), [removed(50_331_648)]);
    expect(ended(one)).toMatchObject({ text: 'Removed sysv:5, 48.0M freed.', kind: 'good' });
    expect(done(all(2), [removed(4096), removed(4096)]).message?.text).toBe('Removed 2 objects, 8.0K freed.');
    expect(done(all(1), [{ kind: 'nothing', reason: 'was gone already' }]).message?.text).toBe(
      'sysv:0 was gone already.',
    );
  });

  test('a line that is too long, several refusals, a warning or a note open a box that tells each; Esc and Enter close it', () => {
    const changed = refuseChanged('somebody attached it');
    const wide = { ...all(3), columns: 200 };
    const short = done(wide, [removed(4096), removed(4096), changed]);
    expect(ended(short)).toMatchObject({ kind: 'warning' });
    expect(short.message?.text).toMatch(
      /^Removed 2 objects, 8\.0K freed; 1 kept: sysv:\d changed since it was listed \(somebody attached it\): look/,
    );
    for (const state of [
      done(all(3), [removed(4096), removed(4096), changed]),
      done(wide, [removed(4096), changed, changed]),
      done(wide, [
        removed(1),
        removed(1),
        { kind: 'removed', how: 'freed-later', freedBytes: 0, warning: 'somebody attached it' },
      ]),
      done(wide, [removed(1), removed(1), removed(1)], ['the journal could not be written']),
    ]) {
      expect(state.removal?.kind).toBe('told');
      expect(modeOf(state)).toBe('confirm');
      expect(press(state, 'back').removal).toBeUndefined();
      expect(press(state, 'accept').removal).toBeUndefined();
      expect(press(state, 'remove').removal).toBe(state.removal);
    }
  });

  test('tags of what is gone go, those of what stayed stay', () => {
    const ids = [segment(1), segment(2)].map(({ id }) => id);
    const state = press({ ...start(segment(1), segment(2)), tags: new Set(ids) }, 'remove', 'right', 'accept');
    const [first] = working(state);
    const after = done(state, [removed(1), refuse('permission', 'may be removed only by its owner')]);
    expect([...after.tags]).toEqual(ids.filter((id) => id !== first.object.id));
  });

  test('a message gets its time from the clock, and one that should be read gets more of it', () => {
    const good = clock(done(all(1), [removed(1)]), 0);
    expect(clock(good, 4900).message).toBeDefined();
    expect(clock(good, 5100).message).toBeUndefined();
    const bad = clock(done({ ...all(1), columns: 200 }, [refuseChanged('somebody attached it')]), 0);
    expect(bad.message?.kind).toBe('bad');
    expect(clock(bad, 9900).message).toBeDefined();
    expect(clock(bad, 10_100).message).toBeUndefined();
  });
});

describe('after a removal', () => {
  const done = (state: State): State => {
    const results = working(state).map((plan) => ({
      plan,
      outcome: { kind: 'removed', how: 'freed-now', freedBytes: 4096 } as const,
    }));
    return reduce(state, { type: 'removal-done', report: sumUp(results, [], undefined) });
  };
  const one = (state: State) => press(clock(press(state, 'remove'), 0, 200), 'accept');

  test('the selection moves on to what is below, else above, and the next key waits until that was seen', () => {
    const three = press(start(segment(3), segment(2), segment(1)), 'down');
    expect(selectedObject(three)?.shortId).toBe('sysv:2');
    const below = done(one(three));
    expect(selectedObject(below)?.shortId).not.toBe('sysv:2');
    const to = selectedObject(below)?.shortId;
    const asked = press(below, 'remove');
    expect(ended(asked)?.text).toBe(`sysv:2 was removed; selected now is ${to}. Press again if that is meant.`);
    const seen = later(below, [], [segment(2).id]);
    expect(selectedObject(seen)?.shortId).toBe(to);
    expect(press(seen, 'remove').removal).toMatchObject({ kind: 'countdown', plan: { object: { shortId: to } } });
    const last = press(three, 'last');
    const above = done(one(last));
    expect(rowIds(above).indexOf(selectedObject(above)?.id ?? '')).toBe(1);
    expect(selectedObject(done(one(start(segment(1)))))?.shortId).toBe('sysv:1');
  });
});
