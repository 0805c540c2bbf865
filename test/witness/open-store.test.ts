// The store of a witness, by force: one writer, whole batches only, damage set aside, bounds kept, nothing of another boot.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Life } from '../../src/probe/model/life/life.ts';
import { loadSqlite } from '../../src/probe/source/sqlite.ts';
import { openStore } from '../../src/witness/open-store.ts';
import type { WitnessStore } from '../../src/witness/store.ts';
import { BOOT, life, NOW_MS, watch } from './lives.ts';

const OTHER_BOOT = '99999999-2222-3333-4444-555555555555';
let above: string;
let place: string;
const open: WitnessStore[] = [];

beforeEach(() => {
  // Not below /tmp: nobody else may be able to rename on the way.
  above = mkdtempSync(join(homedir(), '.shmtop-test-store-'));
  place = join(above, 'witness');
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(above, { recursive: true, force: true });
});

function storeAt(boot = BOOT, room?: Parameters<typeof openStore>[2]): WitnessStore {
  const store = openStore(place, boot, room);
  if ('problem' in store) throw new Error(store.problem);
  open.push(store);
  return store;
}

const problemAt = (path = place) => {
  const store = openStore(path, BOOT);
  if ('problem' in store) return store.problem;
  store.close();
  return undefined;
};

const close = (store: WitnessStore) => {
  open.splice(open.indexOf(store), 1);
  store.close();
};

const batch = (inodes: readonly number[], more: Partial<Parameters<WitnessStore['write']>[0]> = {}) => ({
  lives: inodes.map((inode) => life(inode)),
  forgotten: [],
  watch: watch(),
  ...more,
});

describe('what was written', () => {
  it('is there again for the next witness of the same boot, as it was, and what was forgotten is not', () => {
    const store = storeAt();
    expect(store.load()).toEqual({ lives: [], watch: undefined });
    expect(store.write(batch([1, 2, 3]))).toBeUndefined();
    const changed = life(2, { goneMs: NOW_MS - 1 });
    expect(store.write({ ...batch([]), lives: [changed], forgotten: [life(3).identity] })).toBeUndefined();
    close(store);
    const { lives, watch: seen } = storeAt().load();
    expect(lives).toEqual([life(1), changed]);
    expect(seen).toEqual(watch());
  });

  it('is dropped at the next boot', () => {
    const store = storeAt();
    store.write(batch([1]));
    close(store);
    const next = storeAt(OTHER_BOOT);
    expect(next.load()).toEqual({ lives: [], watch: undefined });
    close(next);
    expect(storeAt().load().lives).toEqual([]);
  });

  it('lies in a folder and files that only we can read', () => {
    storeAt().write(batch([1]));
    expect(statSync(place).mode & 0o777).toBe(0o700);
    const files = readdirSync(place);
    expect(files.sort()).toEqual(['witness.db', 'witness.db-shm', 'witness.db-wal', 'witness.lock']);
    expect(files.map((file) => statSync(join(place, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  it('is asked for what does not fit: a damaged life is not given back', () => {
    const store = storeAt();
    store.write(batch([1, 2, 3]));
    close(store);
    const Database = loadSqlite();
    if (!Database) throw new Error('this Node has no node:sqlite');
    const database = new Database(join(place, 'witness.db'));
    const set = database.prepare('UPDATE life SET life = ? WHERE identity = ?');
    set.run(JSON.stringify({ ...life(1), actors: [{ pid: -1 }] }), life(1).identity);
    set.run(JSON.stringify(life(7)), life(2).identity);
    database.exec("UPDATE boot SET watch = '{'");
    database.close();
    expect(storeAt().load()).toEqual({ lives: [life(3)], watch: undefined });
  });
});

describe('the writer’s place', () => {
  it('is one: a second one is told the pid of the first, until that has ended', () => {
    const first = storeAt();
    expect(openStore(place, BOOT)).toEqual({
      problem: `a witness runs already (process ${process.pid})`,
      isTaken: true,
      pid: process.pid,
      role: 'witness',
    });
    close(first);
    expect(problemAt()).toBeUndefined();
  });

  it.each([
    ['a folder open to others', () => mkdirSync(place, { mode: 0o755 }), 'must be 0700'],
    ['a link that is no database', () => symlinkAt('witness.db'), 'is not a regular file'],
    ['a lock that is a link', () => symlinkAt('witness.lock'), 'is not a regular file'],
    ['a log with a second name', () => linkAt('witness.db-wal'), 'has a second name'],
    ['a database that others can read', () => fileAt('witness.db', 0o644), 'can be read by others'],
    ['a folder in which others may rename', () => chmodSync(above, 0o777), 'can be written by others'],
  ])('is not taken in %s', (_, prepare, reason) => {
    prepare();
    expect(problemAt()).toContain(reason);
  });

  function fileAt(name: string, mode: number) {
    mkdirSync(place, { mode: 0o700 });
    writeFileSync(join(place, name), '');
    chmodSync(join(place, name), mode);
  }
  function symlinkAt(name: string) {
    mkdirSync(place, { mode: 0o700 });
    symlinkSync(join(above, 'elsewhere'), join(place, name));
  }
  function linkAt(name: string) {
    fileAt(name, 0o600);
    linkSync(join(place, name), join(above, 'second'));
  }
});

describe('a database', () => {
  const path = () => join(place, 'witness.db');

  it.each([
    ['that is none', () => writeFileSync(path(), 'x'.repeat(8192))],
    ['whose pages are overwritten', () => overwrite(path())],
    ['that is cut', () => truncateSync(path(), 5000)],
    ['with tables of somebody else', () => change('CREATE TABLE more (a)')],
    ['in which something acts', () => change('CREATE TRIGGER t AFTER UPDATE ON boot BEGIN DELETE FROM life; END')],
  ])('%s is set aside, and a new one begun', (_, damage) => {
    const store = storeAt();
    store.write(batch(Array.from({ length: 200 }, (_each, at) => at)));
    close(store);
    damage();
    const next = storeAt();
    expect(next.load()).toEqual({ lives: [], watch: undefined });
    expect(existsSync(`${path()}.damaged`)).toBe(true);
    expect(next.write(batch([5]))).toBeUndefined();
    close(next);
    expect(storeAt().load().lives).toEqual([life(5)]);
  });

  it('of a later version is refused and left as it is', () => {
    const store = storeAt();
    store.write(batch([1]));
    close(store);
    change('PRAGMA user_version = 2');
    const before = readFileSync(path());
    expect(problemAt()).toContain('was written by a later shmtop');
    expect(readFileSync(path()).equals(before)).toBe(true);
  });

  function change(sql: string) {
    const Database = loadSqlite();
    if (!Database) throw new Error('this Node has no node:sqlite');
    const database = new Database(path());
    database.exec(sql);
    database.close();
  }
  function overwrite(file: string) {
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
  }
});

describe('room', () => {
  const ROOM = { mostBytes: 2 * 1024 * 1024, mostLifeBytes: 256 * 1024 };
  const filesBytes = () => readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);

  it('is kept to while thousands of objects come and go; what is gone longest goes first, what lives stays', () => {
    const store = storeAt(BOOT, ROOM);
    store.write(batch([1, 2, 3]));
    for (let round = 0; round < 60; round++) {
      const lives = Array.from({ length: 100 }, (_, at) => life(1000 + round * 100 + at, { goneMs: NOW_MS + round }));
      expect(store.write({ ...batch([]), lives })).toBeUndefined();
    }
    const { lives } = store.load();
    expect(lives.filter(({ goneMs }) => goneMs === undefined).map(({ id }) => id)).toEqual(
      [1, 2, 3].map((inode) => life(inode).id),
    );
    expect(lives.length).toBeGreaterThan(200);
    expect(Math.min(...lives.flatMap(({ goneMs }) => goneMs ?? []))).toBeGreaterThan(NOW_MS + 40);
    expect(filesBytes()).toBeLessThan(5 * 1024 * 1024);
  });

  it('that one user fills with living objects is taken from him, and said', () => {
    const store = storeAt(BOOT, ROOM);
    store.write({ ...batch([]), lives: [life(1, { uid: 7 }), life(2, { uid: 8 })] });
    for (let round = 0; round < 20; round++) {
      const lives = Array.from({ length: 100 }, (_, at) => life(1000 + round * 100 + at));
      expect(store.write({ ...batch([]), lives })).toBeUndefined();
    }
    const { lives, watch: seen } = store.load();
    expect(lives.filter(({ uid }) => uid !== 1000).map(({ uid }) => uid)).toEqual([7, 8]);
    expect(seen?.leftOut).toBeGreaterThan(1000);
  });

  it('that one user fills with long names in one batch takes nothing from others, not what has gone either', () => {
    const room = { mostBytes: 480 * 1024, mostLifeBytes: 330 * 1024 };
    const store = storeAt(BOOT, room);
    const batch = (lives: readonly Life[]) => store.write({ lives, forgotten: [], watch: watch() });
    const others = [1, 2, 3].map((inode) => life(inode, { uid: 1000, ...(inode === 1 ? { goneMs: NOW_MS } : {}) }));
    expect(batch(others)).toBeUndefined();
    const rawName = `/${'n'.repeat(1500)}`;
    expect(batch(Array.from({ length: 1000 }, (_, at) => life(1000 + at, { uid: 66, rawName })))).toBeUndefined();
    for (let round = 0; round < 5; round++)
      expect(batch([life(5000 + round, { uid: 66, rawName: rawName + round })])).toBeUndefined();
    expect(store.load().lives.filter(({ uid }) => uid === 1000)).toEqual(others);
    expect(store.load().watch?.leftOut).toBeGreaterThan(800);
  });

  it('for one life ends: one that is too large is not kept, nor what it was before', () => {
    const store = storeAt();
    store.write(batch([1]));
    expect(store.write({ ...batch([]), lives: [life(1, { rawName: 'x'.repeat(300_000) })] })).toBeUndefined();
    expect(store.load().lives).toEqual([]);
    expect(store.load().watch?.leftOut).toBe(1);
  });
});

describe('whatever ends a writer', () => {
  it('at any moment: each time the database is whole, and holds whole batches, none of those told lost', {
    timeout: 300_000,
  }, async () => {
    const runs = Number(process.env.SHMTOP_KILLS ?? 15);
    let last = 0;
    for (let run = 0; run < runs; run++) {
      const writer = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), place], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let told = last;
      let started = false;
      writer.stdout.on('data', (bytes: Buffer) => {
        started = true;
        for (const line of bytes.toString().trim().split('\n')) told = Math.max(told, Number(line));
      });
      const ended = once(writer, 'exit');
      while (!started) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      writer.kill('SIGKILL');
      await ended;
      const store = storeAt();
      const { lives, watch: seen } = store.load();
      close(store);
      const batches = new Set(lives.map(({ sizeBytes }) => sizeBytes));
      expect(existsSync(join(place, 'witness.db.damaged'))).toBe(false);
      // Each batch writes all lives and the watch with its number.
      expect(batches.size).toBe(1);
      const [number = 0] = batches;
      expect(seen?.seenMs).toBe(NOW_MS + number);
      expect(number).toBeGreaterThanOrEqual(told);
      last = number;
    }
  });
});
