// The table read again and again: rows stay the same objects, and their versions tell exactly when something of them changed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IPC, SHM_INFO_LAYOUT, SHMID_DS } from '../../../src/native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../../src/native/libc.ts';
import { GapList } from '../../../src/probe/model/gap.ts';
import type { SysvRow } from '../../../src/probe/model/join/sysv-row.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { ResidentReader } from '../../../src/probe/source/resident.ts';
import { SysvTable } from '../../../src/probe/source/sysv-table.ts';

const EINVAL = 22;
const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;

interface Segment {
  shmid: number;
  nattch: number;
  atimeSec: number;
}

/** A kernel whose table is what `slots` says: by index, undefined for a hole. */
class Kernel {
  slots: (Segment | undefined)[] = [];
  rssPages = 0;

  libc(): Libc {
    if (!isLibc(loaded)) throw new Error(loaded.reason);
    const real = loaded;
    const koffi = new Proxy(real.koffi, {
      get: (target, name) => (name === 'errno' ? () => EINVAL : Reflect.get(target, name)),
    });
    const words = (address: unknown, bytes: number) => new Uint32Array(real.koffi.view(BigInt(Number(address)), bytes));
    const shmctl: Libc['raw']['shmctl'] = (index, command, address) => {
      const highest = Math.max(
        0,
        this.slots.findLastIndex((slot) => slot !== undefined),
      );
      if (command === IPC.INFO) return highest;
      if (command === IPC.SHM_INFO) {
        const info = words(address, SHM_INFO_LAYOUT.size);
        info[SHM_INFO_LAYOUT.usedIds / 4] = this.slots.filter((slot) => slot !== undefined).length;
        info[SHM_INFO_LAYOUT.rss / 4] = this.rssPages;
        return highest;
      }
      const segment = this.slots[Number(index)];
      if (!segment) return -1;
      const record = words(address, SHMID_DS.size);
      record.fill(0);
      record[SHMID_DS.nattch / 4] = segment.nattch;
      record[SHMID_DS.atime / 4] = segment.atimeSec;
      return segment.shmid;
    };
    const result = (value: number) => (value === -1 ? -EINVAL : value);
    return { ...real, koffi, result, raw: { ...real.raw, shmctl } };
  }
}

function rowsOf(table: SysvTable): SysvRow[] {
  const rows = table.read('1');
  if (typeof rows === 'number') throw new Error(`errno ${rows}`);
  return rows;
}

const seen = (rows: readonly SysvRow[]) => rows.map(({ shmid, nattch, atimeSec }) => ({ shmid, nattch, atimeSec }));

describe.skipIf(missing)(`the table of a kernel that changes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('always says what the kernel says; a row of the same version says what it said before', () => {
    const slot = fc.option(fc.record({ shmid: fc.nat(6), nattch: fc.nat(2), atimeSec: fc.nat(2) }), { nil: undefined });
    const states = fc.array(fc.array(slot, { maxLength: 8 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(states, (all) => {
        const kernel = new Kernel();
        const table = new SysvTable(kernel.libc());
        const before = new Map<SysvRow, { readonly version?: number; readonly said: unknown }>();
        for (const slots of all) {
          kernel.slots = slots.map((one, index) => one && { ...one, shmid: one.shmid * 100 + index });
          const rows = rowsOf(table);
          expect(seen(rows)).toEqual(kernel.slots.filter((one) => one !== undefined));
          for (const row of rows) {
            const [said] = seen([row]);
            if (before.get(row)?.version === row.version) expect(said).toEqual(before.get(row)?.said);
            before.set(row, { version: row.version, said });
          }
        }
      }),
    );
  });

  test('gives the same rows in the same version where nothing changed', () => {
    const kernel = new Kernel();
    kernel.slots = [{ shmid: 0, nattch: 1, atimeSec: 5 }, undefined, { shmid: 2, nattch: 0, atimeSec: 6 }];
    const table = new SysvTable(kernel.libc());
    const first = rowsOf(table);
    const versions = first.map(({ version }) => version);
    for (let again = 0; again < 3; again++) {
      const rows = rowsOf(table);
      expect(rows.every((row, at) => row === first[at])).toBe(true);
      expect(rows.map(({ version }) => version)).toEqual(versions);
    }
  });

  test('gives another row where another segment has the slot, though all else of it is the same', () => {
    const kernel = new Kernel();
    kernel.slots = [{ shmid: 0, nattch: 0, atimeSec: 5 }];
    const table = new SysvTable(kernel.libc());
    rowsOf(table);
    const [first] = rowsOf(table);
    kernel.slots = [{ shmid: 32_768, nattch: 0, atimeSec: 5 }];
    const [second] = rowsOf(table);
    expect(second).not.toBe(first);
    expect(second?.shmid).toBe(32_768);
  });
});

describe.skipIf(missing)(`resident bytes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const HEADING = 'key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n';

  /** Fills in the rows again and again from a text that says `rss`; counts how often it was read. */
  function reader(kernel: Kernel) {
    const state = { rss: 4096, reads: 0 };
    const io = {
      ...nodeIo(),
      readLines: (_: string, use: (piece: Uint8Array) => void) => {
        state.reads++;
        use(Buffer.from(`${HEADING}0 0 600 4096 1 1 0 0 0 0 0 0 0 0 ${state.rss} 0\n`));
        return 0;
      },
    };
    const libc = kernel.libc();
    const table = new SysvTable(libc);
    const resident = new ResidentReader(io, libc, '/proc');
    const look = () => {
      const rows = rowsOf(table);
      resident.fill(rows, new GapList());
      return rows.map(({ rssBytes }) => rssBytes);
    };
    return { state, look };
  }

  test('are read again where their sum has changed, or a segment is new, and not otherwise', () => {
    const kernel = new Kernel();
    kernel.slots = [{ shmid: 0, nattch: 0, atimeSec: 0 }];
    kernel.rssPages = 1;
    const { state, look } = reader(kernel);
    look();
    look(); // the first time the sum was not known yet
    expect(state.reads).toBe(2);
    expect([look(), look()]).toEqual([[4096], [4096]]);
    expect(state.reads).toBe(2);
    kernel.rssPages = 2;
    state.rss = 8192;
    expect(look()).toEqual([8192]);
    expect(state.reads).toBe(3);
    kernel.slots = [kernel.slots[0], { shmid: 1, nattch: 0, atimeSec: 0 }];
    expect(look()).toEqual([8192, undefined]);
    expect(state.reads).toBe(4);
  });
});
