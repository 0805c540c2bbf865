// Plans and policy: what may go, with which consent, and what bulk removal never takes.
import { describe, expect, test } from 'vitest';
import type { ShmObject, VerdictState } from '../../src/probe/model/object.ts';
import { isToDo, plan } from '../../src/remove/model/plan.ts';
import { isInBulk, isLeftElsewhere } from '../../src/remove/model/policy.ts';

const LISTED = { listedAtMs: 1_800_000_000_000 };

function segment(state: VerdictState, more: Partial<ShmObject> = {}): ShmObject {
  return {
    id: 'sysv:1:5',
    shortId: 'sysv:5',
    kind: 'sysv',
    rawName: '0x00005301',
    shmid: 5,
    key: '0x00005301',
    ipcNamespace: '1',
    sizeBytes: 4096,
    rssBytes: 4096,
    nattch: state === 'in-use' ? 1 : 0,
    perms: '600',
    status: [],
    holders: [],
    verdict: { state, evidence: [{ code: 'nobody-attached' }] },
    ...more,
  };
}

function file(state: VerdictState, more: Partial<ShmObject> = {}): ShmObject {
  return {
    ...segment(state),
    id: 'posix:0:27:2',
    shortId: 'posix:/x',
    kind: 'posix',
    rawName: '/x',
    rawPath: '/dev/shm/x',
    type: 'file',
    device: '0:27',
    inode: 2,
    links: 1,
    nattch: undefined,
    verdict: { state, evidence: [{ code: 'lease-free' }] },
    ...more,
  };
}

describe('plan', () => {
  const named = { force: false, isNamed: true, ...LISTED };
  const planned = (object: ShmObject, force = false) => plan([object], { ...named, force })[0];

  test('abandoned goes with one key, orphaned and unheld after a question, in use and unknown not at all', () => {
    expect(planned(segment('abandoned'))?.consent).toBe('plain');
    expect(planned(segment('orphaned'))?.consent).toBe('ask');
    expect(planned(segment('unheld'))?.consent).toBe('ask');
    expect(planned(segment('in-use'))?.refusal?.code).toBe('in-use');
    expect(planned(segment('unknown'))?.refusal?.code).toBe('unknown');
  });

  test('what is on the never-touch list goes only by its ID with --force, typed, and is looked at as closely', () => {
    const evidence = [{ code: 'never-touch', detail: 'names "/x" in c.toml line 2' } as const];
    for (const state of ['abandoned', 'unheld'] as const) {
      const kept = file(state, { verdict: { state, evidence } });
      expect(planned(kept)?.refusal).toMatchObject({ code: 'never-touch', reason: expect.stringContaining('line 2') });
      expect(planned(kept, true)).toMatchObject({ consent: 'typed', isForced: false, mayTouchNever: true });
      expect(plan([kept], { ...named, isNamed: false })[0]?.refusal?.code).toBe('never-touch');
      expect(plan([kept], { ...named, isNamed: false, force: true })[0]?.refusal?.code).toBe('never-touch');
      expect(isInBulk(kept, ['abandoned', 'unheld'])).toBe(false);
    }
  });

  test('--force has the id typed for what is in use or unknown, and for nothing else', () => {
    expect(planned(segment('in-use'), true)).toMatchObject({ consent: 'typed', isForced: true });
    expect(planned(file('unknown'), true)).toMatchObject({ consent: 'typed', isForced: true });
    expect(planned(segment('abandoned'), true)).toMatchObject({ consent: 'plain', isForced: false });
  });

  test('what has no name, an ordinary file, and a segment marked already are never touched', () => {
    for (const kind of ['memfd', 'anonymous', 'unlinked', 'file'] as const) {
      const one = planned(segment('in-use', { kind }), true);
      expect(one && isToDo(one), kind).toBe(false);
      expect(one?.refusal, kind).toBeDefined();
    }
    const dest = planned(segment('in-use', { status: ['dest'] }), true);
    expect(dest && isToDo(dest)).toBe(false);
    expect(dest?.refusal).toBeUndefined();
  });

  test('directories come after what is in them, the deepest first', () => {
    const directory = (rawName: string) => file('unheld', { type: 'directory', rawName });
    const order = plan([directory('/a'), directory('/a/b'), file('unheld', { rawName: '/a/b/c' })], named);
    expect(order.map(({ object }) => object.rawName)).toEqual(['/a/b/c', '/a/b', '/a']);
  });
});

describe('bulk removal', () => {
  const both: readonly VerdictState[] = ['abandoned', 'unheld'];

  test('takes what was asked for by its verdict', () => {
    expect(isInBulk(segment('abandoned'), ['abandoned'])).toBe(true);
    expect(isInBulk(segment('unheld'), ['abandoned'])).toBe(false);
    expect(isInBulk(segment('orphaned'), ['abandoned'])).toBe(false);
    expect(isInBulk(segment('orphaned'), ['unheld'])).toBe(false);
    expect(isInBulk(segment('orphaned'), ['orphaned'])).toBe(true);
    expect(isInBulk(segment('orphaned', { shortId: 'sysv:5@77' }), ['orphaned'])).toBe(false);
    expect(isInBulk(file('orphaned', { rawPath: undefined }), ['orphaned'])).toBe(false);
    expect(isInBulk(segment('unheld'), ['unheld'])).toBe(true);
  });

  test('takes sockets only where it is proven that nobody is bound to them, and no fifo, link or folder', () => {
    const all: readonly VerdictState[] = ['abandoned', 'orphaned', 'unheld'];
    expect(isInBulk(file('abandoned', { type: 'socket' }), all)).toBe(true);
    expect(isInBulk(file('abandoned', { type: 'socket', links: 2 }), all)).toBe(false);
    expect(isInBulk(file('orphaned', { type: 'socket' }), all)).toBe(false);
    expect(isInBulk(file('unheld', { type: 'socket' }), all)).toBe(false);
    for (const type of ['fifo', 'symlink', 'directory', 'other'] as const)
      expect(isInBulk(file('abandoned', { type }), all), type).toBe(false);
  });

  test('never takes what is in use or unknown, whatever is asked for', () => {
    expect(isInBulk(segment('in-use'), ['in-use', 'unknown'])).toBe(false);
    expect(isInBulk(file('unknown'), ['in-use', 'unknown'])).toBe(false);
  });

  test.each([
    'software-keeps',
    'user-data',
    'vendor-tool',
    'too-young',
    'clock-ahead',
    'directory',
    'not-a-file',
  ] as const)('never takes an object with %s among its evidence', (code) => {
    const evidence = [{ code: 'lease-free' as const }, { code }];
    expect(isInBulk(file('unheld', { verdict: { state: 'unheld', evidence } }), both)).toBe(false);
    const [one] = plan([file('unheld', { verdict: { state: 'unheld', evidence } })], {
      force: false,
      isNamed: false,
      ...LISTED,
    });
    expect(one?.refusal).toBeDefined();
  });

  test('takes what is in another namespace only where that is named', () => {
    const ofSegment = segment('abandoned', { shortId: 'sysv:5@77', ipcNamespace: '77' });
    const ofFile = file('abandoned', { rawPath: undefined, mountNamespace: '78' });
    for (const [object, namespace] of [
      [ofSegment, '77'],
      [ofFile, '78'],
    ] as const) {
      expect(isInBulk(object, both, new Set([namespace]))).toBe(true);
      expect(isInBulk(object, both, 'all')).toBe(true);
      expect(isInBulk(object, both, new Set(['79']))).toBe(false);
      expect(isLeftElsewhere(object, both, new Set(['79']))).toBe(true);
      expect(isLeftElsewhere(object, both, new Set([namespace]))).toBe(false);
    }
    expect(isInBulk(file('abandoned', { rawPath: undefined }), both)).toBe(true); // of a chroot: in our own namespace
    expect(isLeftElsewhere(file('in-use', { mountNamespace: '78' }), both)).toBe(false);
  });

  test('leaves alone what is only unheld in another namespace, and files with several names', () => {
    expect(isInBulk(segment('unheld', { shortId: 'sysv:5@77' }), both)).toBe(false);
    expect(isInBulk(file('unheld', { rawPath: undefined }), both)).toBe(false);
    expect(isInBulk(segment('abandoned', { shortId: 'sysv:5@77', ipcNamespace: '77' }), both)).toBe(false);
    expect(isInBulk(file('abandoned', { rawPath: undefined, mountNamespace: '78' }), both)).toBe(false);
    expect(isInBulk(file('abandoned', { links: 2 }), both)).toBe(false);
  });
});
