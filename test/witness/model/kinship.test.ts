// Sessions, control groups and ancestors, from forks, setsid(2), moves and ends alone: nobody has looked at whoever lived for a millisecond.
import { describe, expect, test } from 'vitest';
import { Group } from '../../../src/witness/model/kinship.ts';
import { ProcessTree } from '../../../src/witness/model/process-tree.ts';

const T = 1_764_340_000_000;
const UNIT = '/system.slice/train.service';

class Machine {
  readonly tree = new ProcessTree({ changed: () => {}, confused: () => {} });

  constructor() {
    const group = new Group({ unit: UNIT });
    const seed = (pid: number, parent: number, session: number, more = {}) =>
      this.tree.seed(pid, { startTicks: pid, parent, session, group, ...more });
    seed(1, 0, 1);
    seed(50, 1, 50);
    seed(60, 50, 60, { leadsTerminal: true });
    this.tree.knowKin(T);
  }

  fork(parent: number, pid: number, atMs = T + 1): this {
    this.tree.fork(parent, pid, atMs);
    return this;
  }

  setsid(pid: number): this {
    this.tree.ownSession(pid);
    return this;
  }

  moved(pid: number): this {
    this.tree.moved(pid);
    return this;
  }

  lost(): this {
    this.tree.knowKin(undefined);
    return this;
  }

  ended(pid: number, status: number | undefined): this {
    this.tree.ended({ pid, atMs: T + 2, status });
    return this;
  }

  /** A process that lives, as it would be written. */
  actor = (pid: number) => this.tree.person(pid).actor();
}

describe('a process that nobody looked at', () => {
  test('has the session and the unit of whoever forked it', () => {
    expect(new Machine().fork(50, 100).fork(100, 101).actor(101)).toMatchObject({ session: 50, unit: UNIT });
  });

  test('has the session that its parent began before the fork, and not one that it began later', () => {
    const machine = new Machine().fork(50, 100).fork(100, 101).setsid(100).fork(100, 102);
    expect([101, 102, 100].map((pid) => machine.actor(pid).session)).toEqual([50, 100, 100]);
  });

  test.each([
    ['that was moved to another control group', (machine: Machine) => machine.moved(100)],
    ['whose parent was moved before the fork', (machine: Machine) => machine.moved(50).fork(50, 100)],
    ['that was forked before the census', (machine: Machine) => machine.fork(50, 100, T - 1)],
    ['whose parent nobody knows', (machine: Machine) => machine.fork(70, 100)],
    ['after something was lost', (machine: Machine) => machine.lost()],
  ])('%s: nothing is known of its relatives', (title, change) => {
    const machine = new Machine();
    if (!title.includes('parent') && !title.includes('census')) machine.fork(50, 100);
    const { session, unit } = change(machine).actor(100);
    expect([session, unit]).toEqual([undefined, undefined]);
  });

  test('a move of its parent after the fork is not its own', () => {
    expect(new Machine().fork(50, 100).moved(50).actor(100)).toMatchObject({ session: 50, unit: UNIT });
  });

  test('what is read of a group holds for all who were forked in it since', () => {
    const machine = new Machine().moved(50).fork(50, 100);
    const { group } = machine.tree.person(50);
    if (group) group.place = { unit: '/other.service' };
    expect(machine.actor(100)).toMatchObject({ session: 50, unit: '/other.service' });
  });

  test('a pid whose start another census finds changed is another process', () => {
    const machine = new Machine().fork(50, 100);
    const before = machine.tree.person(50);
    machine.tree.seed(50, { startTicks: 777, parent: 1, session: 1 });
    expect(machine.tree.person(50)).not.toBe(before);
    expect(before.isAlive).toBe(false);
  });
});

describe('ancestors', () => {
  const above = (machine: Machine, pid: number) => machine.actor(pid).ancestors?.map((one) => one.pid);

  test('are those who live above it, without the first process', () => {
    expect(above(new Machine().fork(50, 100).fork(100, 101), 101)).toEqual([100, 50]);
  });

  test('who was killed hands his children on to who waits for him', () => {
    expect(above(new Machine().fork(50, 100).fork(100, 101).ended(100, 9), 101)).toEqual([50]);
  });

  test.each([1 << 8, undefined])('so does one that failed, or of whose end nothing is known: %s', (status) => {
    expect(above(new Machine().fork(50, 100).fork(100, 101).ended(100, status), 101)).toEqual([50]);
  });

  test('who exits with 0 and leaves his child behind has made a daemon of it', () => {
    expect(above(new Machine().fork(50, 100).fork(100, 101).ended(100, 0), 101)).toBeUndefined();
  });

  test.each([0, 9])('who outlived it, and ended with %s, leaves those above', (status) => {
    const machine = new Machine().fork(50, 100).fork(100, 101);
    const person = machine.tree.person(101);
    machine.ended(101, 9).ended(100, status);
    expect(person.actor().ancestors?.map(({ pid }) => pid)).toEqual([50]);
  });

  test("a person's shell ends the row, also when it has gone", () => {
    const machine = new Machine().fork(60, 100).fork(100, 101);
    expect(above(machine, 101)).toEqual([100, 60]);
    const person = machine.tree.person(101);
    machine.ended(101, 9).ended(100, 9).ended(60, 0);
    expect(person.actor().ancestors).toBeUndefined();
  });

  test('who is in another unit is asked about by the unit', () => {
    const machine = new Machine().fork(50, 100).moved(100).fork(100, 101);
    const { group } = machine.tree.person(100);
    if (group) group.place = { unit: '/system.slice/web.service' };
    expect(above(machine, 101)).toEqual([100]);
  });

  test('of more than are kept nothing is told, and so nothing of its session', () => {
    const machine = new Machine();
    for (let pid = 100; pid < 140; pid++) machine.fork(pid === 100 ? 50 : pid - 1, pid);
    expect(machine.actor(120).session).toBe(50);
    expect(machine.actor(139).session).toBeUndefined();
  });

  test('a chain of a hundred thousand parents that are killed is not kept', () => {
    const machine = new Machine().fork(50, 100);
    for (let pid = 100; pid < 100_100; pid++) machine.fork(pid, pid + 1).ended(pid, 9);
    let steps = 0;
    for (let at = machine.tree.person(100_100).above; at; at = at.above) steps++;
    expect(steps).toBeLessThan(5);
  });
});
