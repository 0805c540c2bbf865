// Every combination of what can be known of an object: "abandoned" only where nothing at all speaks against it.
import { describe, expect, test } from 'vitest';
import { type Evidence, evidenceText } from '../../../../src/probe/model/judge/evidence.ts';
import type { LeftoverRule, SoftwareHit } from '../../../../src/probe/model/judge/software.ts';
import { VerdictBook } from '../../../../src/probe/model/judge/verdict-book.ts';
import type {
  LeaseAnswer,
  NameCase,
  SysvCase,
  VerdictContext,
  Witnessed,
} from '../../../../src/probe/model/judge/verdict-case.ts';
import { isLeaseWanted, judgeName } from '../../../../src/probe/model/judge/verdict-name.ts';
import { judgeSysv } from '../../../../src/probe/model/judge/verdict-segment.ts';
import type { Standing } from '../../../../src/probe/model/life/life.ts';
import type { EntryType, Maker, MakerState, Verdict, VerdictState } from '../../../../src/probe/model/object.ts';

const NOW = 1_795_000_000;
const GRACE = 60;
const context: VerdictContext = { nowSec: NOW, minAgeSec: GRACE };
/** Bytes of a command name: ESC, BEL, a newline, an 8-bit control and a right-to-left override. */
const HOSTILE = '\x1b]0;owned\x07\n\x9b\xe2\x80\xae';
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const MAKER_STATES: readonly MakerState[] = ['alive', 'zombie', 'dead', 'reused', 'invisible'];
const GONE: readonly (MakerState | undefined)[] = ['zombie', 'dead', 'reused'];

const maker = (state: MakerState, pid: number): Maker => {
  if (state === 'invisible') return { state };
  return state === 'alive' || state === 'reused' ? { state, pid, comm: HOSTILE } : { state, pid };
};
/** Living processes that /proc hides have a pid but nothing else. */
const HIDDEN: Maker = { state: 'invisible', pid: 77 };

const RULES: Record<string, LeftoverRule> = {
  keeps: { when: 'never', because: 'keeps' },
  'user-data': { when: 'never', because: 'user-data' },
  'vendor-tool': { when: 'never', because: 'vendor-tool' },
  'name-pid-dead': { when: 'name-pid-dead' },
  'name-pid-dead with a process': { when: 'name-pid-dead', andNoProcess: /^x$/ },
  'no-process': { when: 'no-process', comm: /^x$/, of: 'user' },
  unheld: { when: 'unheld' },
  unknown: { when: 'unknown' },
};
const SUPPORTING = ['name-pid-dead', 'name-pid-dead with a process', 'no-process', 'unheld'];

function hit(leftover: LeftoverRule, patienceSec?: number): SoftwareHit {
  return {
    row: {
      match: { on: 'posix', path: /^x$/ },
      name: 'Some Software',
      role: 'buffer',
      outlives: false,
      leftover,
      patienceSec,
      cleanup: 'its own tool',
      source: 'a test',
      mark: 'V',
    },
  };
}

/** Seconds since the object was last used; negative lies in the future, absent is not known. */
const AGES = {
  'a second': 1,
  'one second short of the grace time': GRACE - 1,
  'the grace time': GRACE,
  'a year': 31_536_000,
  'in the future': -3600,
  'not known': undefined,
} as const;
const OLD_ENOUGH = ['the grace time', 'a year'];

/** What is wrong with how a verdict would be shown; absent when it is fit to print. */
function faultOf({ evidence }: Verdict): string | undefined {
  if (evidence.length === 0) return 'no evidence';
  const texts = evidence.map(evidenceText);
  return texts.find((text) => CONTROL.test(text) || /undefined|NaN|null|\[object/.test(text) || text.trim() !== text);
}
const codes = ({ evidence }: Verdict) => evidence.map(({ code }) => code);

/** Every combination of one value of each list. */
function* combinations<T extends Record<string, readonly unknown[]>>(
  lists: T,
): Generator<{ [K in keyof T]: T[K][number] }> {
  const names = Object.keys(lists);
  const at = names.map(() => 0);
  for (;;) {
    yield Object.fromEntries(names.map((name, i) => [name, lists[name][at[i]]])) as { [K in keyof T]: T[K][number] };
    let i = 0;
    while (i < names.length && ++at[i] === lists[names[i]].length) at[i++] = 0;
    if (i === names.length) return;
  }
}

describe('a System V segment', () => {
  const makers = [...MAKER_STATES.map((state) => maker(state, 12)), HIDDEN];
  const lists = {
    creator: makers,
    lastUser: [undefined, ...makers],
    nattch: [0, 1, 3],
    holderCount: [0, 1],
    hiddenMappings: [0, 1],
    age: Object.keys(AGES) as (keyof typeof AGES)[],
    stamp: ['atimeSec', 'dtimeSec', 'ctimeSec'] as const,
    rule: [undefined, ...Object.keys(RULES)],
  };

  function caseOf(one: { [K in keyof typeof lists]: (typeof lists)[K][number] }): SysvCase {
    const { creator, lastUser, nattch, holderCount, hiddenMappings, rule } = one;
    const age = AGES[one.age];
    const times = age === undefined ? {} : { ctimeSec: NOW - 100_000_000, [one.stamp]: NOW - age };
    const software = rule === undefined ? undefined : hit(RULES[rule]);
    return { kind: 'sysv', creator, lastUser, nattch, holderCount, hiddenMappings, software, ...times };
  }

  const isQuiet = (one: { [K in keyof typeof lists]: (typeof lists)[K][number] }) =>
    one.nattch === 0 &&
    one.holderCount === 0 &&
    OLD_ENOUGH.includes(one.age) &&
    (one.rule === undefined || RULES[one.rule].when !== 'never');
  const areGone = ({ creator, lastUser }: { creator: Maker; lastUser?: Maker }) =>
    GONE.includes(creator.state) && (lastUser === undefined || GONE.includes(lastUser.state));
  const isAnyAlive = ({ creator, lastUser }: { creator: Maker; lastUser?: Maker }) =>
    creator.state === 'alive' || lastUser?.state === 'alive';

  /** The state that each standing of a witness must lead to; makers gone alone are an orphan, and never proof. */
  function expected(one: { [K in keyof typeof lists]: (typeof lists)[K][number] }, standing?: Standing): VerdictState {
    if (one.nattch > 0 || one.holderCount > 0) return 'in-use';
    if (!isQuiet(one) || isAnyAlive(one) || standing === 'awaited') return 'unheld';
    if (standing === 'proven') return 'abandoned';
    if (areGone(one)) return one.rule === 'unheld' ? 'abandoned' : 'orphaned';
    return standing === 'ended' ? 'orphaned' : 'unheld';
  }

  test('is what is known of its makers and of a witness, in every combination', () => {
    const seen = new Set<string>();
    const wrong: unknown[] = [];
    for (const standing of [undefined, 'proven', 'ended', 'awaited', 'partial'] as const) {
      const witnessed: Witnessed | undefined = standing && { standing, evidence: [{ code: 'lease-free' }] };
      for (const one of combinations(lists)) {
        const { state } = judgeSysv({ ...caseOf(one), witnessed }, context);
        seen.add(state);
        if (state !== expected(one, standing)) wrong.push({ ...one, standing, state });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect([...seen].sort()).toEqual(['abandoned', 'in-use', 'orphaned', 'unheld']);
  });

  test('is never called abandoned for its makers being gone, whatever its key and its mode are', () => {
    for (const one of combinations({ ...lists, rule: [undefined, 'unknown', 'no-process'] })) {
      expect(judgeSysv(caseOf(one), context).state).not.toBe('abandoned');
    }
  });

  test('is in use exactly when the kernel counts a mapping or a process was seen with one, and never unknown', () => {
    for (const one of combinations(lists)) {
      const { state } = judgeSysv(caseOf(one), context);
      const isHeld = one.nattch > 0 || one.holderCount > 0;
      if (state === 'unknown' || (state === 'in-use') !== isHeld)
        expect({ ...one, state }).toBe('in use if it is held');
    }
  });

  test('always has evidence, in words that are safe to print', () => {
    const faults = new Set<string | undefined>();
    for (const one of combinations(lists)) faults.add(faultOf(judgeSysv(caseOf(one), context)));
    expect([...faults]).toEqual([undefined]);
  });

  test('names each reason that keeps it: alive, hidden, young, clock, software', () => {
    const gone = {
      creator: maker('dead', 12),
      lastUser: maker('dead', 13),
      nattch: 0,
      holderCount: 0,
      hiddenMappings: 0,
    };
    const base = { ...gone, age: 'a year', stamp: 'ctimeSec', rule: undefined } as const;
    const codesOf = (change: object) => codes(judgeSysv(caseOf({ ...base, ...change }), context));
    expect(codesOf({})).toEqual(['nobody-attached', 'creator-dead', 'last-user-dead']);
    expect(codesOf({ lastUser: undefined })).toEqual(['nobody-attached', 'creator-dead', 'never-attached']);
    expect(codesOf({ creator: maker('alive', 12) })).toContain('creator-alive');
    expect(codesOf({ creator: maker('invisible', 12) })).toContain('creator-invisible');
    expect(codesOf({ creator: HIDDEN })).toContain('creator-hidden');
    expect(codesOf({ lastUser: HIDDEN })).toContain('last-user-hidden');
    expect(codesOf({ creator: maker('reused', 12) })).toContain('creator-reused');
    expect(codesOf({ creator: maker('zombie', 12) })).toContain('creator-zombie');
    expect(codesOf({ lastUser: maker('alive', 12) })).toContain('last-user-alive');
    expect(codesOf({ age: 'a second' })).toContain('too-young');
    expect(codesOf({ age: 'in the future' })).toContain('clock-ahead');
    expect(codesOf({ rule: 'keeps' })).toContain('software-keeps');
    expect(codesOf({ rule: 'user-data' })).toContain('user-data');
    expect(codesOf({ rule: 'vendor-tool' })).toContain('vendor-tool');
    expect(codesOf({ nattch: 3, holderCount: 1, hiddenMappings: 2 })).toEqual(['held', 'attached', 'hidden-mappings']);
  });

  test('of software that needs patience is young for longer', () => {
    const gone = { kind: 'sysv', nattch: 0, holderCount: 0, hiddenMappings: 0, creator: maker('dead', 1) } as const;
    const at = (seconds: number) =>
      judgeSysv({ ...gone, software: hit(RULES.unknown, 300), ctimeSec: NOW - seconds }, context).state;
    expect([at(299), at(300)]).toEqual(['unheld', 'orphaned']);
  });

  test('is judged without any grace time when that is 0', () => {
    const gone = { kind: 'sysv', nattch: 0, holderCount: 0, hiddenMappings: 0, creator: maker('dead', 1) } as const;
    expect(judgeSysv({ ...gone, ctimeSec: NOW }, { nowSec: NOW, minAgeSec: 0 }).state).toBe('orphaned');
  });
});

describe('a book of verdicts', () => {
  const gone: SysvCase = {
    kind: 'sysv',
    nattch: 0,
    holderCount: 0,
    hiddenMappings: 0,
    creator: maker('dead', 12),
    ctimeSec: NOW - 3600,
  };
  const alike: Record<string, SysvCase> = {
    old: gone,
    'with times in the future': { ...gone, ctimeSec: NOW + 3600 },
    'with times not known': { ...gone, ctimeSec: undefined },
    young: { ...gone, ctimeSec: NOW - 5 },
    'of software that keeps it': { ...gone, software: hit(RULES.keeps) },
    'of the same software, another object of which is a leftover': { ...gone, software: hit(RULES.unheld) },
    'with patience': { ...gone, software: hit(RULES.unheld, 7200) },
    'with a last user that is alive': { ...gone, lastUser: maker('alive', 13) },
    'with a hidden last user': { ...gone, lastUser: HIDDEN },
    'with a last user outside': { ...gone, lastUser: maker('invisible', 0) },
    'with a creator that is alive': { ...gone, creator: maker('alive', 12) },
    'with a zombie': { ...gone, creator: maker('zombie', 12) },
    'that is held': { ...gone, holderCount: 1 },
    attached: { ...gone, nattch: 2, holderCount: 1, hiddenMappings: 1 },
  };
  const pairs = Object.keys(alike).flatMap((first) => Object.keys(alike).map((second) => [first, second] as const));

  test('says of a segment what judging it alone says, whatever was judged before', () => {
    const wrong: unknown[] = [];
    for (const [first, second] of pairs) {
      const book = new VerdictBook();
      book.judge(alike[first], context);
      const said = book.judge(alike[second], context);
      const alone = judgeSysv(alike[second], context);
      if (said.state !== alone.state || codes(said).join() !== codes(alone).join()) {
        wrong.push(`a segment ${second} after one ${first}: ${said.state} for ${alone.state}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('gives segments that are alike the same verdict object, so that 30,000 of them cost little', () => {
    const book = new VerdictBook();
    expect(book.judge(gone, context)).toBe(book.judge({ ...gone, ctimeSec: NOW - 7200 }, context));
  });
});

describe('a name in /dev/shm', () => {
  const LEASES: readonly (LeaseAnswer | undefined)[] = ['free', 'busy', 'denied', 'unavailable', 'spared', undefined];
  const lists = {
    type: ['file', 'semaphore', 'directory', 'symlink', 'fifo', 'socket', 'other'] as readonly EntryType[],
    lease: LEASES,
    holderCount: [0, 1],
    childrenInUse: [0, 2],
    notInspected: [0, 3],
    rule: [undefined, ...Object.keys(RULES)],
    hasState: [true, false],
    namePid: [undefined, ...MAKER_STATES],
    isRunning: [false, true],
    isInstanceAlive: [false, true],
    seesAllProcesses: [true, false],
    age: ['a second', 'a year', 'in the future', 'not known'] as (keyof typeof AGES)[],
  };
  type One = { [K in keyof typeof lists]: (typeof lists)[K][number] } & { kept?: 'second name' | 'mounted' };

  function caseOf(one: One): NameCase {
    const { type, lease, holderCount, childrenInUse, notInspected, rule, isInstanceAlive, seesAllProcesses } = one;
    const age = AGES[one.age];
    return {
      kind: 'posix',
      type,
      lease: type === 'file' || type === 'semaphore' ? lease : undefined, // others are not asked
      holderCount,
      childrenInUse,
      otherNames: one.kept === 'second name' ? 1 : 0,
      mounted: one.kept === 'mounted' ? 'mounted' : 'no',
      isDedicated: true,
      notInspected,
      seesAllProcesses,
      software: rule === undefined ? undefined : hit(RULES[rule]),
      softwareState: one.hasState
        ? {
            namePid: one.namePid && maker(one.namePid, 12),
            running: one.isRunning ? { pid: 5, comm: HOSTILE } : undefined,
            isInstanceAlive,
            seesAllProcesses,
          }
        : undefined,
      mtimeSec: age === undefined ? undefined : NOW - age,
    };
  }

  test('is abandoned only if the lease is free, a rule holds, nothing is alive, everything is seen and it is old', () => {
    const wrong: unknown[] = [];
    let abandoned = 0;
    const kept = [undefined, 'second name', 'mounted'] as const;
    for (const one of combinations({ ...lists, notInspected: [3], kept })) {
      const verdict = judgeName(caseOf(one), context);
      if (verdict.state !== 'abandoned') continue;
      abandoned++;
      const isProven =
        one.lease === 'free' &&
        (one.type === 'file' || one.type === 'semaphore') &&
        one.holderCount === 0 &&
        one.childrenInUse === 0 &&
        one.kept === undefined &&
        one.rule !== undefined &&
        SUPPORTING.includes(one.rule) &&
        one.hasState &&
        (one.namePid === undefined ? !one.rule.startsWith('name-pid-dead') : GONE.includes(one.namePid)) &&
        !one.isRunning &&
        !one.isInstanceAlive &&
        one.seesAllProcesses &&
        one.age === 'a year';
      if (!isProven) wrong.push({ ...one, verdict: codes(verdict) });
    }
    expect(abandoned).toBeGreaterThan(0);
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('is in use whenever somebody holds it, the lease is busy, or something inside it is in use', () => {
    for (const one of combinations({ ...lists, age: ['a year'] as const, hasState: [true] })) {
      const object = caseOf(one);
      const isHeld = one.holderCount > 0 || object.lease === 'busy' || one.childrenInUse > 0;
      const { state } = judgeName(object, context);
      if ((state === 'in-use') !== isHeld) expect({ ...one, state }).toBe('in use if it is held');
    }
  });

  test('is unknown, not unheld, when the kernel did not tell and something could not be looked into', () => {
    const base = { kind: 'posix', holderCount: 0, childrenInUse: 0, otherNames: 0, isDedicated: true } as const;
    for (const type of ['file', 'semaphore', 'symlink', 'fifo', 'other', 'socket'] as const) {
      for (const lease of ['denied', 'unavailable', undefined] as const) {
        const hidden: NameCase = { ...base, type, lease, notInspected: 3, seesAllProcesses: true };
        const inContainer: NameCase = { ...base, type, lease, notInspected: 0, seesAllProcesses: false };
        expect(judgeName(hidden, context).state).toBe('unknown');
        expect(judgeName(inContainer, context).state).toBe('unknown');
      }
    }
  });

  test('always has evidence, in words that are safe to print', () => {
    const faults = new Set<string | undefined>();
    const few = {
      ...lists,
      age: ['a second', 'in the future'] as const,
      type: ['file', 'directory', 'socket', 'fifo'] as const,
    };
    for (const one of combinations(few)) faults.add(faultOf(judgeName(caseOf(one), context)));
    expect([...faults]).toEqual([undefined]);
  });

  test('the kernel is asked where the answer decides, and spares others who might open it in that moment', () => {
    const old = {
      kind: 'posix',
      type: 'file',
      holderCount: 0,
      childrenInUse: 0,
      otherNames: 0,
      isDedicated: true,
      notInspected: 0,
      seesAllProcesses: true,
      mtimeSec: NOW - 3600,
      softwareState: { isInstanceAlive: false, seesAllProcesses: true },
    } as const;
    const wanted = (change: Partial<NameCase>, asksForAll = true) =>
      isLeaseWanted({ ...old, ...change }, context, asksForAll);
    const young = { mtimeSec: NOW - 1 };
    expect(wanted({})).toBe('yes');
    expect(wanted({ software: hit(RULES.unheld) })).toBe('leftover');
    expect(wanted({ software: hit(RULES.unheld), ...young })).toBe('no');
    expect(wanted({ software: hit(RULES.keeps) })).toBe('no');
    expect(wanted(young)).toBe('no');
    expect(wanted({ ...young, notInspected: 1 })).toBe('no');
    // Without any other witness it is asked: in a container, and by an ordinary user about his own files.
    expect(wanted({ ...young, seesAllProcesses: false })).toBe('yes');
    expect(wanted(young, false)).toBe('yes');
    for (const never of [{ holderCount: 1 }, { type: 'fifo' }, { type: 'directory' }] as const) {
      for (const asksForAll of [true, false]) expect(wanted(never, asksForAll)).toBe('no');
    }
    // What was spared is never called abandoned, whatever its rule says, and says what could not be looked into.
    const spared = judgeName({ ...old, lease: 'spared', software: hit(RULES.unheld), notInspected: 2 }, context);
    expect(spared.state).toBe('unheld');
    expect(codes(spared)).toEqual(['not-inspected', 'software-leftover']);
  });

  test('says why: each reason that keeps a free file', () => {
    const free = {
      kind: 'posix',
      type: 'file',
      lease: 'free',
      holderCount: 0,
      childrenInUse: 0,
      otherNames: 0,
      isDedicated: true,
      notInspected: 0,
      seesAllProcesses: true,
    } as const;
    const state = { isInstanceAlive: false, seesAllProcesses: true };
    const codesOf = (change: Partial<NameCase>) =>
      codes(judgeName({ ...free, mtimeSec: NOW - 3600, softwareState: state, ...change }, context));
    expect(codesOf({})).toEqual(['lease-free', 'maker-unknown']);
    expect(codesOf({ software: hit(RULES.unknown) })).toEqual(['lease-free', 'maker-unknown']);
    expect(codesOf({ software: hit(RULES.keeps) })).toEqual(['lease-free', 'software-keeps']);
    expect(codesOf({ software: hit(RULES.unheld) })).toEqual(['lease-free', 'software-leftover']);
    // What speaks for and what speaks against are both said.
    const both = (against: Partial<NameCase>) => codesOf({ software: hit(RULES.unheld), ...against });
    expect(both({ otherNames: 1 })).toEqual(['lease-free', 'other-names', 'software-leftover']);
    expect(both({ mounted: 'mounted' })).toEqual(['lease-free', 'mounted-elsewhere', 'software-leftover']);
    expect(both({ mounted: 'unknown' })).toEqual(['lease-free', 'mounts-unknown', 'software-leftover']);
    expect(both({ isCut: true })).toEqual(['lease-free', 'names-unlisted', 'software-leftover']);
    expect(both({ isDedicated: false })).toEqual(['lease-free', 'not-dedicated', 'software-leftover']);
    const seen = (change: object) =>
      codesOf({ software: hit(RULES['no-process']), softwareState: { ...state, ...change } });
    expect(seen({ running: { pid: 5, comm: 'x' } })).toEqual(['lease-free', 'software-alive']);
    expect(seen({ isInstanceAlive: true })).toEqual(['lease-free', 'software-alive']);
    expect(seen({ seesAllProcesses: false })).toEqual(['lease-free', 'outside-invisible']);
    // A witness that says the same is not repeated.
    const witnessed: Witnessed = {
      standing: 'ended',
      evidence: [{ code: 'outside-invisible' }, { code: 'unit-rests' }],
    };
    const told = codesOf({ witnessed, seesAllProcesses: false });
    expect(told).toEqual(['lease-free', 'outside-invisible', 'unit-rests']);
    expect(seen({ namePid: HIDDEN })).toEqual(['lease-free', 'name-pid-alive']);
    expect(seen({ namePid: maker('dead', 12) })).toEqual(['lease-free', 'name-pid-dead', 'software-leftover']);
    expect(codesOf({ software: hit(RULES['name-pid-dead']) })).toEqual(['lease-free', 'maker-unknown']);
    const later = { bystander: { pid: 5, comm: 'x', because: 'later' } };
    expect(seen(later)).toEqual(['lease-free', 'software-began-later', 'maker-unknown']);
    const unloaded = { bystander: { pid: 5, comm: 'x', because: 'not-loaded' } };
    expect(seen(unloaded)).toEqual(['lease-free', 'software-not-loaded', 'maker-unknown']);
  });

  const FREE = {
    kind: 'posix',
    type: 'file',
    lease: 'free',
    holderCount: 0,
    childrenInUse: 0,
    otherNames: 0,
    isDedicated: true,
    notInspected: 0,
    seesAllProcesses: true,
    mtimeSec: NOW - 3600,
  } as const;
  const stateOf = (change: Partial<NameCase>) => judgeName({ ...FREE, ...change }, context).state;

  test('that nobody holds and of which nothing speaks for a return is orphaned; with any of it, unheld', () => {
    const gone = maker('dead', 1234);
    for (const clues of [
      undefined,
      { owner: { are: 'none' } },
      { owner: { are: 'later', count: 2 } },
      { owner: { are: 'older', pid: 5, comm: 'bash' } },
      { family: 'newer', digitsPid: gone },
    ] as const) {
      expect(stateOf({ clues })).toBe('orphaned');
      expect(stateOf({ clues, mtimeSec: NOW - 1 })).toBe('unheld');
      expect(stateOf({ clues, seesAllProcesses: false })).toBe('unheld');
      expect(stateOf({ clues, otherNames: 1 })).toBe('unheld');
      expect(stateOf({ clues, lease: 'spared' })).toBe('unheld');
      expect(stateOf({ clues, lease: 'denied' })).toBe('unheld');
      expect(stateOf({ clues, software: hit({ when: 'never', because: 'keeps' }) })).toBe('unheld');
    }
    for (const clues of [
      { namedBy: { pid: 5, comm: 'x', where: 'environment' } },
      { digitsPid: maker('alive', 1234) },
      { digitsPid: HIDDEN },
      { family: 'alive' },
    ] as const) {
      expect(stateOf({ clues })).toBe('unheld');
    }
  });

  test('of software whose processes cannot have made it is an orphan while one runs, not proven', () => {
    for (const because of ['later', 'not-loaded'] as const) {
      const bystander = { pid: 5, comm: 'python3', because };
      const softwareState = { isInstanceAlive: false, seesAllProcesses: true, bystander };
      expect(stateOf({ software: hit(RULES['no-process']), softwareState })).toBe('orphaned');
    }
  });

  test('that is named after its only user is a leftover though other instances live, of shared software it is not', () => {
    const softwareState = { namePid: maker('dead', 12), isInstanceAlive: true, seesAllProcesses: true };
    expect(stateOf({ software: hit({ when: 'name-pid-dead', isOfOneProcess: true }), softwareState })).toBe(
      'abandoned',
    );
    expect(stateOf({ software: hit({ when: 'name-pid-dead' }), softwareState })).toBe('unheld');
  });

  test('of a call that any program makes is not kept by another object of it; of a program that leaves such objects it is', () => {
    const alive = { isInstanceAlive: true, seesAllProcesses: true };
    const row = { ...hit(RULES.unknown).row, outlives: true };
    expect(stateOf({ software: { row: { ...row, isInterface: true } }, softwareState: alive })).toBe('orphaned');
    expect(stateOf({ software: { row }, softwareState: { ...alive, isInstanceAlive: false } })).toBe('unheld');
  });

  test('is what a witness says, where nothing forbids it: proof beats other instances, not those who keep it', () => {
    const witnessed = (standing: Standing): Witnessed => ({ standing, evidence: [{ code: 'owner-absent' }] });
    const other = {
      software: hit(RULES['no-process']),
      softwareState: { isInstanceAlive: true, seesAllProcesses: true },
    };
    expect(stateOf({ ...other, witnessed: witnessed('proven') })).toBe('abandoned');
    expect(stateOf({ ...other, witnessed: witnessed('ended') })).toBe('orphaned');
    expect(stateOf({ ...other, witnessed: witnessed('partial') })).toBe('unheld');
    expect(stateOf({ witnessed: witnessed('awaited') })).toBe('unheld');
    expect(stateOf({ witnessed: witnessed('partial') })).toBe('orphaned');
    for (const against of [
      { mtimeSec: NOW - 1 },
      { otherNames: 1 },
      { mounted: 'mounted' },
      { isDedicated: false },
      { lease: 'spared' },
      { software: hit(RULES['user-data']) },
      { clues: { namedBy: { pid: 1, comm: 'x', where: 'command line' } } },
    ] as const) {
      expect(stateOf({ ...against, witnessed: witnessed('proven') })).toBe('unheld');
    }
    expect(stateOf({ holderCount: 1, witnessed: witnessed('proven') })).toBe('in-use');
  });
});

describe('a socket', () => {
  const socket = (change: Partial<NameCase>) =>
    judgeName(
      {
        ...{ kind: 'posix', type: 'socket', holderCount: 0, childrenInUse: 0, otherNames: 0, isDedicated: true },
        ...{ notInspected: 3, seesAllProcesses: true, mtimeSec: NOW - 3600, ...change },
      },
      context,
    ).state;

  test('to which nobody is bound is abandoned; one with a server is in use; else nobody knows', () => {
    expect(socket({ listener: 'none' })).toBe('abandoned');
    expect(socket({ listener: 'none', seesAllProcesses: false })).toBe('abandoned');
    expect(socket({ listener: 'bound' })).toBe('in-use');
    expect(socket({ listener: 'unknown' })).toBe('unknown');
    expect(socket({})).toBe('unknown');
  });

  test('is spared while it is young, kept by its software, or known by another name', () => {
    expect(socket({ listener: 'none', mtimeSec: NOW - 1 })).toBe('unheld');
    expect(socket({ listener: 'none', otherNames: 1 })).toBe('unheld');
    expect(socket({ listener: 'none', software: hit(RULES.keeps) })).toBe('unheld');
  });
});

describe('a directory', () => {
  const NOTHING = { abandoned: 0, orphaned: 0, wanted: 0 };
  const DEAD = { namePid: maker('dead', 12), isInstanceAlive: false, seesAllProcesses: true };
  const NAMED = { software: hit(RULES['name-pid-dead']), softwareState: DEAD };
  const directory = (change: Partial<NameCase>) =>
    judgeName(
      {
        ...{ kind: 'posix', type: 'directory', holderCount: 0, childrenInUse: 0, otherNames: 2, isDedicated: true },
        ...{ notInspected: 0, seesAllProcesses: true, mtimeSec: NOW - 3600, stoodIn: 'no', ...change },
      },
      context,
    ).state;

  test('is no more than an orphan by what lies in it, and abandoned only where its own maker is known to be gone', () => {
    expect(directory({ content: { ...NOTHING, abandoned: 3 } })).toBe('orphaned');
    expect(directory({ content: { ...NOTHING, abandoned: 3 }, ...NAMED })).toBe('abandoned');
    expect(directory({ content: { ...NOTHING, abandoned: 3, orphaned: 1 }, ...NAMED })).toBe('orphaned');
    expect(directory({ content: { ...NOTHING, abandoned: 3, wanted: 1 }, ...NAMED })).toBe('unheld');
    expect(directory({ content: NOTHING })).toBe('unheld');
    expect(directory({ content: NOTHING, ...NAMED })).toBe('abandoned');
  });

  test('is not where somebody may stand in it, hold it, or was not looked into', () => {
    const leftover = { content: { ...NOTHING, abandoned: 1 }, ...NAMED };
    expect(directory({ ...leftover, stoodIn: { pid: 1, comm: 'sh' } })).toBe('unheld');
    expect(directory({ ...leftover, stoodIn: 'unknown' })).toBe('unheld');
    expect(directory({ ...leftover, stoodIn: undefined })).toBe('unheld');
    expect(directory({ ...leftover, notInspected: 1 })).toBe('unheld');
    expect(directory({ ...leftover, seesAllProcesses: false })).toBe('unheld');
    expect(directory({ ...leftover, holderCount: 1 })).toBe('in-use');
    expect(directory({ ...leftover, childrenInUse: 1 })).toBe('in-use');
  });
});

describe('evidence in words', () => {
  test('shows nothing raw, even where the software table was extended with hostile text', () => {
    const hostile: Omit<Evidence, 'code'> = { pid: 1, comm: HOSTILE, count: 1, software: HOSTILE, detail: HOSTILE };
    const shown = (['software-leftover', 'software-alive', 'software-keeps', 'user-data', 'vendor-tool'] as const).map(
      (code) => evidenceText({ code, ...hostile }),
    );
    expect(shown.filter((text) => CONTROL.test(text))).toEqual([]);
  });
});
