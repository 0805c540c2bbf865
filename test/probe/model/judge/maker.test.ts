// Whether the process behind a pid is still the one that made or used an object.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  type Clock,
  isGone,
  judgeMaker,
  MakerBook,
  type PidAnswer,
  type PidOccupant,
} from '../../../../src/probe/model/judge/maker.ts';

const BOOT = 1_795_000_000;
const clock: Clock = { bootSec: BOOT, slackSec: 2 };
/** A process that started so many seconds after boot. */
const occupant = (startedSec: number, more: Partial<PidOccupant> = {}): PidOccupant => ({
  comm: 'postgres',
  state: 'S',
  threads: 1,
  startTicks: startedSec * 100,
  ...more,
});

describe('the process behind a pid', () => {
  test('that does not exist any more is dead', () => {
    expect(judgeMaker(12, 'none', BOOT + 100, clock)).toEqual({ pid: 12, state: 'dead' });
  });

  test('0 is outside our pid namespace, which is not dead', () => {
    expect(judgeMaker(0, 'none', BOOT + 100, clock)).toEqual({ state: 'invisible' });
    expect(judgeMaker(-1, 'none', BOOT + 100, clock)).toEqual({ state: 'invisible' });
  });

  test('that /proc hides is not dead', () => {
    expect(judgeMaker(12, 'hidden', BOOT + 100, clock)).toEqual({ pid: 12, state: 'invisible' });
  });

  test('that started before the object was made is alive', () => {
    expect(judgeMaker(12, occupant(90), BOOT + 100, clock)).toEqual({ pid: 12, state: 'alive', comm: 'postgres' });
  });

  test.each(['S', 'R', 'D', 'I', 'T', 't', 'P', 'W'])('in state %s is alive', (state) => {
    expect(judgeMaker(12, occupant(90, { state }), BOOT + 100, clock).state).toBe('alive');
  });

  test('that has exited and waits for its parent is a zombie', () => {
    expect(judgeMaker(12, occupant(90, { state: 'Z' }), BOOT + 100, clock)).toEqual({ pid: 12, state: 'zombie' });
    expect(judgeMaker(12, occupant(90, { state: 'Z', threads: 0 }), BOOT + 100, clock).state).toBe('zombie');
  });

  test('whose main thread has exited while others run is alive: they hold its memory', () => {
    const leader = occupant(90, { state: 'Z', threads: 2 });
    expect(judgeMaker(12, leader, BOOT + 100, clock).state).toBe('alive');
  });

  test('that started later than the object was made has the pid of another', () => {
    expect(judgeMaker(12, occupant(200), BOOT + 100, clock)).toEqual({ pid: 12, state: 'reused', comm: 'postgres' });
  });

  test('that started within the slack of whole seconds is not said to be another', () => {
    for (const seconds of [100, 100.99, 101, 101.5, 102]) {
      expect(judgeMaker(12, occupant(seconds), BOOT + 100, clock).state).toBe('alive');
    }
  });

  test('is alive where the boot time is not known, or the object has no time', () => {
    expect(judgeMaker(12, occupant(200), BOOT + 100, undefined).state).toBe('alive');
    expect(judgeMaker(12, occupant(200), 0, clock).state).toBe('alive');
  });

  test.each([
    ['dead', true],
    ['zombie', true],
    ['reused', true],
    ['alive', false],
    ['invisible', false],
  ] as const)('that is %s counts as gone: %s', (state, gone) => {
    expect(isGone({ state })).toBe(gone);
  });
});

describe('what the clock is worth', () => {
  test('a process that started within the slack is never said to be another, whatever the slack', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(10 ** 6), (slackSec, made) => {
        const judge = (startedSec: number) =>
          judgeMaker(12, occupant(startedSec), BOOT + made, { bootSec: BOOT, slackSec }).state;
        expect([judge(made), judge(made + slackSec), judge(made + slackSec + 1)]).toEqual(['alive', 'alive', 'reused']);
      }),
    );
  });

  test('a thread of the kernel never made anything: its pid was given out again, whatever the times', () => {
    for (const known of [clock, undefined]) {
      const kernel = occupant(1, { comm: 'kworker/0:1', isKernelThread: true });
      expect(judgeMaker(12, kernel, BOOT + 100, known)).toEqual({ pid: 12, state: 'reused', comm: 'kworker/0:1' });
    }
  });
});

describe('a book of makers', () => {
  test('asks once for a pid that is gone, and gives the same answer to every object', () => {
    const answer = vi.fn((): PidAnswer => 'none');
    const book = new MakerBook(answer, () => clock);
    expect(book.judge(12, BOOT + 1)).toBe(book.judge(12, BOOT + 5000));
    expect(answer).toHaveBeenCalledTimes(1);
  });

  test('says of one living process alive and reused, by the age of the object, in any order', () => {
    for (const order of [
      [100, 300],
      [300, 100],
    ]) {
      const book = new MakerBook(
        () => occupant(200),
        () => clock,
      );
      const states = Object.fromEntries(order.map((made) => [made, book.judge(12, BOOT + made).state]));
      expect(states).toEqual({ 100: 'reused', 300: 'alive' });
    }
  });

  test('does not ask about pid 0', () => {
    const answer = vi.fn((): PidAnswer => 'none');
    expect(new MakerBook(answer, () => clock).judge(0, BOOT)).toEqual({ state: 'invisible' });
    expect(answer).not.toHaveBeenCalled();
  });

  test('says what judging each one by itself says, whatever the order', () => {
    const someone: fc.Arbitrary<PidAnswer> = fc.oneof(
      fc.constantFrom('none' as const, 'hidden' as const),
      fc.record({
        comm: fc.constant('x'),
        state: fc.constantFrom('S', 'Z', 'X', 'R'),
        threads: fc.constantFrom(1, 3),
        startTicks: fc.nat(100_000),
      }),
    );
    const questions = fc.array(fc.tuple(fc.nat(3), fc.nat(1000)), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(someone, { minLength: 4, maxLength: 4 }), questions, (answers, asked) => {
        const book = new MakerBook(
          (pid) => answers[pid],
          () => clock,
        );
        for (const [pid, made] of asked) {
          expect(book.judge(pid, BOOT + made)).toEqual(judgeMaker(pid, answers[pid], BOOT + made, clock));
        }
      }),
    );
  });
});
