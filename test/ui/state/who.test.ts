// From what alarms to who fills it, to their objects, to what may go, and back again step by step.
import { describe, expect, test } from 'vitest';
import type { AccountReadings } from '../../../src/probe/model/account/account.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { drawCeilingDetail } from '../../../src/ui/draw/ceiling-detail.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { kitOf } from '../../../src/ui/draw/pen.ts';
import { drawStatus } from '../../../src/ui/draw/status-line.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { selectObjects } from '../../../src/ui/state/object-rows.ts';
import { selectOwnerRows } from '../../../src/ui/state/owner-rows.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { renderState } from '../render.ts';
import { head, named, segment, stateWith, tick } from '../sample-objects.ts';

const MIB = 1024 ** 2;
const ETL = { pid: 4, startTicks: 5, comm: 'etl-worker', uid: 0, mappings: [], fds: [3] };
const CAMERA = { ...ETL, pid: 9, comm: 'camera' };
const ABANDONED = { state: 'abandoned', evidence: [{ code: 'lease-free' }] } as const;
const OBJECTS: readonly ShmObject[] = [
  named('spool', { holders: [ETL], allocatedBytes: 22 * MIB }),
  named('frames', { holders: [ETL, CAMERA], allocatedBytes: 8 * MIB, user: 'bob', uid: 1001 }),
  named('left', { holders: [], allocatedBytes: 20 * MIB, verdict: ABANDONED }),
  named('elsewhere', { device: '0:99', holders: [CAMERA], allocatedBytes: 100 * MIB }),
  segment(1, { rssBytes: 5 * MIB, verdict: ABANDONED }),
];
const SHM = { path: '/dev/shm', device: '0:27', sizeBytes: 64 * MIB, usedBytes: 60 * MIB, inodes: 100, inodesUsed: 8 };
const full = { limits: { ...head().limits, mounts: [SHM] } };
const ABILITIES = { isReadOnly: false, remove: true, load: true };

function machine(more: Partial<State> = {}, limits: object = full.limits): State {
  const state = stateWith(OBJECTS, { columns: 80, rows: 24, abilities: ABILITIES, ...more });
  return reduce(state, {
    type: 'tick',
    tick: tick([], { head: head({ limits: { ...full.limits, ...limits }, takenAtMs: head().takenAtMs + 1000 }) }),
  });
}
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const plain = (text: string) => text.replace(/\x1b\[[\d;]*m/g, '');
const names = (state: State) => selectOwnerRows(state).map(({ label, weight }) => `${label} ${weight / MIB}`);

describe('the alarm', () => {
  test('stands where "nothing abandoned" stood, with its key, at every width and in ASCII', () => {
    for (let columns = 40; columns <= 200; columns += 4) {
      for (const unicode of [true, false]) {
        const text = plain(drawHeader(machine({ columns, unicode })).join('\n'));
        expect(text, `${columns}`).toMatch(/! \/dev\/shm( 93 %[^\n]*)? ?(\(w\)|: w shows who|: w: who)/);
        expect(text).not.toContain('nothing abandoned');
        expect(text).not.toMatch(/shows wh…|…who/);
      }
    }
  });

  test('does not hide what is abandoned: its count stands before the others', () => {
    expect(plain(drawHeader(machine({ columns: 120 })).join('\n'))).toMatch(/✗ abandoned 2/);
    const calm = machine({ columns: 120 }, { mounts: [{ ...SHM, usedBytes: MIB }] });
    expect(plain(drawHeader(calm).join('\n'))).toMatch(/✗ abandoned 2 {2}25\.0M to gain/);
  });
});

describe('w', () => {
  test('leads from any screen to who fills what alarms: processes, each with its part, and what nobody holds', async () => {
    for (const screen of ['screen-1', 'screen-2', 'screen-3', 'screen-4', 'screen-6'] as const) {
      const state = press(machine(), screen, screen === 'screen-6' ? 'up' : 'who', 'who');
      expect(state.screen).toBe('where');
    }
    const state = press(machine(), 'who');
    expect(names(state)).toEqual(['etl-worker[4] 26', 'held by nobody 20', 'camera[9] 4']);
    const text = (await renderState(state)).lines.join('\n');
    expect(text).toContain('who fills /dev/shm, by process');
  });

  test('of inodes and segments it is the number that counts; another tmpfs and another namespace do not', () => {
    const inodes = press(machine({}, { mounts: [{ ...SHM, usedBytes: MIB, inodesUsed: 100 }] }), 'who');
    const [first, ...others] = selectOwnerRows(inodes);
    expect([first?.label, first?.weight, first?.share]).toEqual(['etl-worker[4]', 2, 0.02]);
    expect(others.map(({ label, weight }) => `${label} ${weight}`).sort()).toEqual(['camera[9] 1', 'held by nobody 1']);
    const segments = press(machine({}, { shmmni: '1', mounts: [{ ...SHM, usedBytes: MIB }] }), 'who', 'tree');
    expect(selectOwnerRows(segments).map(({ totals }) => totals.objects)).toEqual([1]);
  });

  test('files of the mount that are not listed are named, of the bytes and of the inodes', () => {
    const account: AccountReadings = {
      shmemBytes: 200 * MIB,
      mounts: [{ device: '0:27', fileSystem: 'tmpfs', path: '/dev/shm', usedBytes: 60 * MIB, isReached: true }],
      gpus: [],
      pools: [],
    };
    const state = press(machine({ account }), 'who');
    expect(names(state)).toContain('files on /dev/shm 10');
    expect(drawCeilingDetail(kitOf(state), press(machine({ account }), 'screen-6'), 80).join('\n')).toContain(
      'du -ahx /dev/shm lists',
    );
    const where = press(machine({ account }), 'screen-5');
    expect(names(where)).toContain('remainder 35');
    expect(names(reduce(where, { type: 'intent', intent: 'only-leftovers' })).join()).not.toMatch(/remainder|files on/);
    const files = selectOwnerRows(state).findIndex(({ kind }) => kind === 'files');
    const at = { ...state, lists: { ...state.lists, where: { selectedAt: files, top: 0, selectedId: undefined } } };
    expect(press(at, 'open').screen).toBe('where');
    expect(press(at, 'open').message?.text).toMatch(/^du -ahx \/dev\/shm lists these plain files/);
    expect(press(press(at, 'open'), 'back').message).toBeUndefined();
  });

  test('on the Where screen it goes through the limits, those that alarm first, and back to all memory', () => {
    const state = press(machine(), 'screen-5', 'who');
    expect(state.whereOf?.ceilingId).toBe('bytes:0:27');
    const seen = new Set([state.whereOf?.ceilingId]);
    let next = press(state, 'who');
    for (let presses = 0; next.whereOf && presses < 20; presses++) {
      expect(seen.has(next.whereOf.ceilingId)).toBe(false);
      seen.add(next.whereOf.ceilingId);
      next = press(next, 'who');
    }
    expect(next.whereOf).toBeUndefined();
    expect([...seen]).toEqual(['bytes:0:27', 'segments', 'pages', 'inodes:0:27']);
    expect(press(state, 'back').whereOf).toBeUndefined();
  });

  test('with nothing that alarms it is about /dev/shm; without one about all memory', () => {
    expect(press(machine({}, { mounts: [{ ...SHM, usedBytes: 1 }] }), 'who').whereOf?.ceilingId).toBe('bytes:0:27');
    expect(press(machine({}, { mounts: [] }), 'who').whereOf?.ceilingId).toBe('shmem');
    expect(press(stateWith([]), 'who').screen).toBe('where');
  });
});

describe('Enter and Esc', () => {
  test('lead to the objects of a process on that mount alone, and back the way one came, each step with its selection', () => {
    const ceilings = press(machine(), 'screen-6', 'who');
    const objects = press(ceilings, 'last', 'open');
    expect(objects.screen).toBe('objects');
    expect(selectObjects(objects).map(({ shortId }) => shortId)).toEqual(['posix:/frames']);
    const back = press(objects, 'back');
    expect(back.screen).toBe('where');
    expect(back.lists.where.selectedId).toBe('owner:process:objects:9');
    expect(back.onlyOwner).toBeUndefined();
    expect(press(back, 'back').screen).toBe('ceilings');
    expect(press(back, 'back').whereOf).toBeUndefined();
    expect(press(back, 'back').cameFrom).toBeUndefined();
  });

  test('what was typed below goes before the screen does, and the filter of above is there again', () => {
    const filtered = { ...machine(), filter: { text: 'kind=posix' } };
    const below = press(filtered, 'who', 'open');
    const typed = { ...below, filter: { text: 'kind=posix spool' } };
    expect(press(typed, 'back')).toMatchObject({ screen: 'objects', filter: { text: 'kind=posix' } });
    expect(press(typed, 'back', 'back')).toMatchObject({ screen: 'where', filter: { text: 'kind=posix' } });
    expect(press(typed, 'back', 'back', 'back')).toMatchObject({ screen: 'objects', filter: { text: 'kind=posix' } });
  });

  test('the key of the screen that one came from leads back there, another key goes its own way', () => {
    const objects = press(machine(), 'screen-5', 'open');
    expect(press(objects, 'screen-5')).toMatchObject({ screen: 'where', onlyOwner: undefined, cameFrom: undefined });
    const processes = press(objects, 'screen-2');
    expect(processes.onlyOwner).toBeDefined();
    expect(processes.cameFrom).toBeUndefined();
    expect(press(processes, 'back')).toMatchObject({ screen: 'processes', onlyOwner: undefined });
  });
});

describe('Space and d on an owner', () => {
  const onNobody = () => {
    const state = press(machine(), 'who');
    const at = selectOwnerRows(state).findIndex(({ label }) => label === 'held by nobody');
    return press(state, 'first', ...Array.from({ length: at }, (): Intent => 'down'));
  };

  test('the status line says what removal of what is abandoned would do, before anything is pressed', () => {
    expect(plain(drawStatus(onNobody()))).toContain('d frees 20.0M → 63 %');
    expect(plain(drawStatus(press(onNobody(), 'first')))).not.toContain('frees');
  });

  test('Space tags what is proven abandoned of it, once more takes the tags off, and what is in use is never among them', () => {
    const tagged = press(onNobody(), 'tag');
    expect([...tagged.tags]).toEqual([OBJECTS[2]?.id]);
    expect(plain(drawStatus(tagged))).toContain('1 tagged, frees 20.0M → 63 %');
    expect(plain(drawStatus(press(tagged, 'screen-1')))).toContain('1 tagged, frees 20.0M: /dev/shm 94 → 63 %');
    expect(press(tagged, 'up', 'tag').tags.size).toBe(0);
    const inUse = press(onNobody(), 'first', 'tag');
    expect(inUse.tags.size).toBe(0);
    expect(inUse.message?.text).toMatch(/Nothing of it is proven abandoned/);
  });

  test('d asks in the same box as on Objects, about that owner alone, and the rows stand still meanwhile', () => {
    const state = onNobody();
    const asked = press(state, 'remove');
    expect(asked.removal).toMatchObject({ kind: 'dialog', isRemoveMarked: false, question: { about: 'abandoned' } });
    const plans = asked.removal?.kind === 'dialog' ? asked.removal.question.plans : [];
    expect(plans.map(({ object }) => object.shortId)).toEqual(['posix:/left']);
    const grown = reduce(asked, {
      type: 'tick',
      tick: tick([{ ...OBJECTS[1], allocatedBytes: 500 * MIB } as ShmObject], { head: head(full) }),
    });
    expect(selectOwnerRows(grown).map(({ label }) => label)).toEqual(selectOwnerRows(state).map(({ label }) => label));
    expect(press(asked, 'accept').removal).toBeUndefined();
    expect(press(asked, 'right', 'accept').removal).toMatchObject({ kind: 'working' });
    expect(press(state, 'first', 'remove').removal).toBeUndefined();
  });

  test('D is about all that is shown; what a filter hides is counted', () => {
    const asked = press(press(machine(), 'screen-5'), 'remove-abandoned');
    const question = asked.removal?.kind === 'dialog' ? asked.removal.question : undefined;
    expect(question?.plans.map(({ object }) => object.shortId).sort()).toEqual(['posix:/left', 'sysv:1']);
    expect(question?.hidden).toBe(0);
  });
});
