// When what was read of a process is kept for the next look, by CPU times and a clock of our own making.
import { describe, expect, test } from 'vitest';
import { isLibc, type Libc, loadLibc } from '../../../src/native/libc.ts';
import type { Io } from '../../../src/probe/source/io.ts';
import { ProcessLedger } from '../../../src/probe/source/process-ledger.ts';
import type { Holdings, ProcessNotes } from '../../../src/probe/source/process-notes.ts';

const ENOENT = 2;
const EINVAL = 22;
const REFUSED = -1;
const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;
const NOTHING: Holdings = { mappings: [], fds: [], requestKey: 'all' };

interface Fake {
  cpuNs: number;
  inode: number;
  /** 0: none that we can see. */
  group: number;
  isKernelThread: boolean;
}

/** A machine of processes with CPU times as they are set, read with libc calls that tell of them. */
class Machine {
  readonly processes = new Map<number, Fake>();
  /** By what steps our own CPU clock moves. */
  stepNs = 500;
  reads = 0;
  #ownNs = 0;

  add(pid: number, more: Partial<Fake> = {}): Fake {
    const process = { cpuNs: 1000 * pid, inode: 7000 + pid, group: pid, isKernelThread: false, ...more };
    this.processes.set(pid, process);
    return process;
  }

  ledger(way: 'libc' | 'text' = 'libc'): ProcessLedger {
    const stat = (pid: number, { isKernelThread }: Fake) =>
      `${pid} (x) S 2 0 0 0 -1 ${isKernelThread ? 0x208040 : 64} 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0`;
    const io: Io = {
      readPids: () => ({
        pids: [...this.processes.keys()],
        inodes: [...this.processes.values()].map(({ inode }) => inode),
      }),
      readFile: (path) => {
        const pid = Number(/^\/proc\/(\d+)\/stat$/.exec(path)?.[1]);
        const process = this.processes.get(pid);
        if (!process) return -ENOENT;
        this.reads++;
        return Buffer.from(stat(pid, process));
      },
      readLines: () => -ENOENT,
      readDir: () => -ENOENT,
      readLink: () => -ENOENT,
      stat: () => -ENOENT,
    };
    return new ProcessLedger(io, '/proc', way === 'libc' ? this.#libc() : undefined);
  }

  #libc(): Libc {
    if (!isLibc(loaded)) throw new Error(loaded.reason);
    const real = loaded;
    const memory = real.allocate(16);
    const fail = () => -1;
    return {
      ...real,
      allocate: () => memory,
      result: (value) => (value === -1 ? -EINVAL : value),
      raw: {
        ...real.raw,
        getpgid: (pid) => this.processes.get(Number(pid))?.group ?? fail(),
        clock_gettime: (clock) => {
          const pid = ~(Number(clock) >> 3);
          if (pid === process.pid) this.#ownNs += this.stepNs;
          const cpuNs = pid === process.pid ? this.#ownNs : this.processes.get(pid)?.cpuNs;
          if (cpuNs === undefined || cpuNs === REFUSED) return fail();
          memory.u32.set([Math.floor(cpuNs / 1e9), 0, cpuNs % 1e9, 0]);
          return 0;
        },
      },
    };
  }
}

/** Looks, and notes what a look notes of each process that is not known yet; gives the pids of those. */
function look(ledger: ProcessLedger, nowSec: number, holdings = NOTHING): number[] {
  const list = ledger.open(nowSec);
  if (typeof list === 'number') throw new Error(`errno ${list}`);
  const isKnown = ({ holdings: known }: ProcessNotes) => known !== undefined;
  const unknown = list.pids.filter((pid) => !isKnown(ledger.notes(pid)));
  for (const pid of unknown) ledger.notes(pid).holdings = holdings;
  return unknown;
}

/** A ledger that has looked twice: at its first look it does not ask for CPU times. */
function seasoned(machine: Machine, holdings = NOTHING): ProcessLedger {
  const ledger = machine.ledger();
  look(ledger, 0, holdings);
  look(ledger, 0, holdings);
  return ledger;
}

describe.skipIf(missing)(`what was read of a process${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('is kept while its CPU time stands still, and of no other process', () => {
    const machine = new Machine();
    const busy = machine.add(10);
    machine.add(11);
    const ledger = machine.ledger();
    expect(look(ledger, 0)).toEqual([10, 11]);
    expect(look(ledger, 0)).toEqual([10, 11]);
    expect(look(ledger, 1)).toEqual([]);
    busy.cpuNs += 1;
    expect(look(ledger, 2)).toEqual([10]);
    machine.add(12);
    expect(look(ledger, 3)).toEqual([12]);
  });

  test('is not given to another process that has its pid and, by chance, its CPU time', () => {
    const machine = new Machine();
    const process = machine.add(10);
    const ledger = seasoned(machine);
    process.inode++;
    expect(look(ledger, 1)).toEqual([10]);
  });

  test('is not given to one that has its pid after it was gone for a look', () => {
    const machine = new Machine();
    const process = machine.add(10);
    const ledger = seasoned(machine);
    machine.processes.delete(10);
    look(ledger, 1);
    machine.processes.set(10, process);
    expect(look(ledger, 2)).toEqual([10]);
  });

  test('is read again within half a minute all the same, of few processes at each look', () => {
    const machine = new Machine();
    for (let pid = 1; pid <= 300; pid++) machine.add(pid);
    const ledger = seasoned(machine);
    const again = Array.from({ length: 30 }, (_, at) => look(ledger, at + 1));
    expect(again.flat().sort((a, b) => a - b)).toEqual([...machine.processes.keys()]);
    expect(Math.max(...again.map(({ length }) => length))).toBeLessThanOrEqual(10);
  });

  test('is not kept where the kernel tells neither the inode nor the CPU time', () => {
    const machine = new Machine();
    machine.add(10, { inode: 1 });
    const ledger = seasoned(machine);
    expect(look(ledger, 1)).toEqual([10]);
    const silent = new Machine();
    silent.add(10, { cpuNs: REFUSED });
    const other = seasoned(silent);
    expect(look(other, 1)).toEqual([10]);
  });

  test('is not kept where the reader says that it may be otherwise at any time', () => {
    const machine = new Machine();
    machine.add(10);
    const ledger = machine.ledger();
    const fleeting = { ...NOTHING, requestKey: undefined };
    look(ledger, 0, fleeting);
    expect(look(ledger, 1, fleeting)).toEqual([10]);
  });

  test.each([100_000, 4_000_000])(
    'is not kept where CPU clocks move in steps of %i ns: a short run would not count',
    (stepNs) => {
      const machine = new Machine();
      machine.stepNs = stepNs;
      machine.add(10);
      const ledger = machine.ledger();
      look(ledger, 0);
      expect(look(ledger, 1)).toEqual([10]);
    },
  );

  test('is not kept without libc', () => {
    const machine = new Machine();
    machine.add(10);
    const ledger = machine.ledger('text');
    look(ledger, 0);
    look(ledger, 0);
    expect(look(ledger, 1)).toEqual([10]);
  });

  test('is read again in the same look when it is asked to be forgotten', () => {
    const machine = new Machine();
    machine.add(10);
    const ledger = seasoned(machine);
    look(ledger, 1);
    ledger.forgetHoldings([10, 4711]);
    expect(ledger.notes(10).holdings).toBeUndefined();
  });
});

describe.skipIf(missing)(`kernel threads${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('are left out, but for one by which the first namespaces can be reached', () => {
    const machine = new Machine();
    machine.add(1, { group: 0 });
    machine.add(2, { group: 0, isKernelThread: true });
    machine.add(3, { group: 0, isKernelThread: true });
    machine.add(10);
    expect(machine.ledger().open(0)).toEqual({ pids: [1, 10], kernelThread: 2 });
  });

  test('are not asked again what they are, while they do not run', () => {
    const machine = new Machine();
    machine.add(2, { group: 0, isKernelThread: true });
    const ledger = machine.ledger();
    for (let sec = 0; sec < 20; sec++) expect(ledger.open(sec)).toMatchObject({ pids: [] });
    expect(machine.reads).toBe(2);
  });

  test('may become something else: one that ran is asked again', () => {
    const machine = new Machine();
    const helper = machine.add(5, { group: 0, isKernelThread: true });
    const ledger = seasoned(machine);
    helper.isKernelThread = false;
    helper.cpuNs += 100;
    expect(ledger.open(1)).toMatchObject({ pids: [5] });
  });
});
