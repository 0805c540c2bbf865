// A sampler that looks again and again says what one says that looks for the first time, whatever processes do in between.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Holder, ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { compileC } from '../support/compile-c.ts';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';
import { Place, placeMissing } from '../support/place.ts';

const HERE = fileURLToPath(new URL('./steady', import.meta.url));
const [MAP_SHARED, MAP_PRIVATE] = [1, 2];
const missing = placeMissing();

/** A process that is told something and answers with a line. */
class Talker {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...COMPILED_SOURCES },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('it ended');
    return value;
  }

  ask(words: string): Promise<string> {
    this.#child.stdin.write(`${words}\n`);
    return this.line();
  }

  end(): void {
    this.#child.stdin.end();
  }
}

describe.skipIf(missing)(`a sampler that goes on looking${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let place: Place;
  let watcher: Talker;
  let binary: string;
  const actors: Talker[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-steady-'));
    binary = join(folder, 'actor');
    compileC(binary, [join(HERE, 'actor.c')]);
    place = await Place.open('');
    const [command = '', ...enter] = place.enter;
    watcher = new Talker(command, [...enter, process.execPath, join(HERE, 'watcher.ts')]);
  });
  afterAll(async () => {
    for (const talker of [...actors, watcher]) talker?.end();
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An actor inside, and its pid there. */
  async function start(): Promise<{ actor: Talker; pid: number }> {
    const [command = '', ...enter] = place.enter;
    const actor = new Talker(command, [...enter, binary]);
    actors.push(actor);
    return { actor, pid: Number(await actor.line()) };
  }

  /** What is there now, after making sure that both samplers say the same. */
  async function look(): Promise<Snapshot> {
    const { steady, fresh }: { steady: Snapshot[]; fresh: Snapshot[] } = JSON.parse(await watcher.ask('look'));
    expect(steady.map(lasting)).toEqual(fresh.map(lasting));
    return steady[0];
  }

  /** So that what is kept was read of processes that sleep. */
  async function settle(): Promise<void> {
    await setTimeout(30);
    await look();
  }
  const lasting = ({ objects, visibility, gaps, limits }: Snapshot) => ({ objects, visibility, gaps, limits });
  const holderOf = (object: ShmObject | undefined, pid: number): Holder | undefined =>
    object?.holders.find((holder) => holder.pid === pid);
  const named = ({ objects }: Snapshot, name: string) => objects.find(({ rawName }) => rawName === name);
  const segment = ({ objects }: Snapshot, shmid: number) =>
    objects.find((object) => object.kind === 'sysv' && object.shmid === shmid);
  async function makeSegments(): Promise<[number, number]> {
    const out = join(folder, 'ids');
    await place.run(`{ ipcmk -M 8192; ipcmk -M 8192; } > ${out}`);
    const [first = 0, second = 0] = Array.from(readFileSync(out, 'utf8').matchAll(/(\d+)$/gm), ([id]) => Number(id));
    return [first, second];
  }

  test('sees an attach, one exchanged for another of the same size at the same place, and the detach', async () => {
    const [first, second] = await makeSegments();
    const { actor, pid } = await start();
    await look();
    await actor.ask(`attach ${first}`);
    expect(holderOf(segment(await look(), first), pid)?.mappings).toHaveLength(1);
    await actor.ask(`swap ${second}`);
    const swapped = await look();
    expect(segment(swapped, first)?.holders).toEqual([]);
    expect(holderOf(segment(swapped, second), pid)?.mappings).toHaveLength(1);
    await actor.ask('detach');
    expect(segment(await look(), second)).toMatchObject({ holders: [], nattch: 0 });
  });

  test('sees what is changed of a segment that nobody has attached, and that another has its slot', async () => {
    const [first] = await makeSegments();
    const { actor } = await start();
    await settle();
    await actor.ask(`mode ${first} 640`);
    expect(segment(await look(), first)).toMatchObject({ perms: '640', nattch: 0 });
    await place.run(`ipcrm -m ${first}`);
    const [second] = await makeSegments();
    const snapshot = await look();
    expect(segment(snapshot, first)).toBeUndefined();
    expect(segment(snapshot, second)).toMatchObject({ perms: '644' });
  });

  test('grows older with what nobody touches', async () => {
    const [first] = await makeSegments();
    const evidence = async () => segment(await look(), first)?.verdict.evidence.map(({ code }) => code);
    const before = await evidence();
    await setTimeout(1100); // the next second: the long grace time shows it
    expect(await evidence()).toEqual(before);
  });

  test('sees a file opened, mapped, closed and unmapped, shared or private', async () => {
    const { actor, pid } = await start();
    await look();
    for (const flags of [MAP_SHARED, MAP_PRIVATE]) {
      await actor.ask('open /steady');
      const opened = holderOf(named(await look(), '/steady'), pid);
      expect([opened?.fds.length, opened?.mappings.length]).toEqual([1, 0]);
      await actor.ask(`map ${flags}`);
      await actor.ask('close');
      const mapped = holderOf(named(await look(), '/steady'), pid);
      expect([mapped?.fds.length, mapped?.mappings.length]).toEqual([0, 1]);
      await actor.ask('unmap');
      expect(named(await look(), '/steady')?.holders).toEqual([]);
    }
  });

  test('knows the name of what a process holds after others have renamed and unlinked it', async () => {
    const { actor, pid } = await start();
    await actor.ask('open /before');
    await actor.ask(`map ${MAP_SHARED}`);
    await actor.ask('close');
    await settle();
    expect(holderOf(named(await look(), '/before'), pid)).toBeDefined();
    await place.run('mv /dev/shm/before /dev/shm/after');
    expect(holderOf(named(await look(), '/after'), pid)).toBeDefined();
    await place.run('rm /dev/shm/after');
    expect(named(await look(), '/after')).toMatchObject({ kind: 'unlinked', holders: [{ pid }] });
  });

  test('does not give what a process held to the one that has its pid after exec', async () => {
    const { actor, pid } = await start();
    await actor.ask('memfd steady');
    await actor.ask(`map ${MAP_SHARED}`);
    expect(holderOf(named(await look(), 'memfd:steady'), pid)).toBeDefined();
    expect(Number(await actor.ask('exec'))).toBe(pid);
    expect(named(await look(), 'memfd:steady')).toBeUndefined();
  });

  test('does not give what a process held to another that gets its pid', async () => {
    const { actor, pid } = await start();
    await actor.ask('memfd first');
    await look();
    actor.end();
    await place.run(`while [ -d /proc/${pid} ] && ! grep -q '^State:.Z' /proc/${pid}/status; do sleep 0.01; done`);
    // The next process inside takes the number again.
    await place.run(`echo ${pid - 2} > /proc/sys/kernel/ns_last_pid`);
    const heirs = [await start(), await start(), await start()];
    const heir = heirs.find((one) => one.pid === pid);
    if (!heir) return; // somebody else took it
    const snapshot = await look();
    expect(named(snapshot, 'memfd:first')).toBeUndefined();
    await heir.actor.ask('memfd second');
    expect(holderOf(named(await look(), 'memfd:second'), pid)).toBeDefined();
  });

  test('gives nothing to a process that has ended, is not waited for, and has ended long ago', async () => {
    const { actor, pid } = await start();
    await actor.ask('memfd zombie');
    await actor.ask('bear');
    await settle();
    expect(named(await look(), 'memfd:zombie')?.holders.map((holder) => holder.pid)).toContain(pid);
    // Its child stays a zombie: both samplers must count the same processes, again and again.
    await settle();
    await settle();
    await actor.ask('close');
    expect(named(await look(), 'memfd:zombie')).toBeUndefined();
  });

  test('sees what a process calls itself, and as whom it runs', async () => {
    const { actor, pid } = await start();
    await actor.ask('memfd self');
    expect(holderOf(named(await look(), 'memfd:self'), pid)).toMatchObject({ comm: 'actor', uid: 0 });
    await actor.ask('call otherwise');
    expect(holderOf(named(await look(), 'memfd:self'), pid)).toMatchObject({ comm: 'otherwise', uid: 0 });
    await actor.ask('become 65534');
    expect(holderOf(named(await look(), 'memfd:self'), pid)).toMatchObject({ comm: 'otherwise', uid: 65534 });
  });

  test('sees into which IPC namespace a process has gone', async () => {
    const { actor, pid } = await start();
    await actor.ask('memfd wanderer');
    const before = holderOf(named(await look(), 'memfd:wanderer'), pid)?.ipcNamespace;
    await actor.ask('unshare');
    const outside = holderOf(named(await look(), 'memfd:wanderer'), pid)?.ipcNamespace;
    expect(outside).not.toBe(before);
    await actor.ask(`enter /proc/1/ns/ipc`);
    expect(holderOf(named(await look(), 'memfd:wanderer'), pid)?.ipcNamespace).toBe(before);
  });

  const cgroups = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/pids'];
  const cgroup = cgroups.find((path) => existsSync(join(path, 'cgroup.procs')));

  test.skipIf(cgroup === undefined)('sees into which container others have put a process that sleeps', async () => {
    // A container is told by the cgroup, of a process with a mount namespace of its own.
    const id = 'c0ffee'.padEnd(64, '0');
    const path = join(cgroup ?? '', `docker-${id}.scope`);
    const [command = '', ...enter] = place.enter;
    const actor = new Talker(command, [...enter, 'unshare', '--mount', binary]);
    actors.push(actor);
    const pid = Number(await actor.line());
    await actor.ask('memfd contained');
    await settle();
    expect(holderOf(named(await look(), 'memfd:contained'), pid)?.container).toBeUndefined();
    await place.run(`mkdir ${path}`);
    try {
      await place.run(`echo ${pid} > ${path}/cgroup.procs`);
      expect(holderOf(named(await look(), 'memfd:contained'), pid)?.container).toMatchObject({ runtime: 'docker' });
      await place.run(`echo ${pid} > ${cgroup}/cgroup.procs`);
      expect(holderOf(named(await look(), 'memfd:contained'), pid)?.container).toBeUndefined();
    } finally {
      actor.end();
      await place.run(`while ! rmdir ${path}; do sleep 0.05; done`);
    }
  });

  test('misses none of many changes in quick succession', async () => {
    const [first, second] = await makeSegments();
    const { actor } = await start();
    await actor.ask(`attach ${first}`);
    for (let round = 0; round < 40; round++) {
      const next = round % 2 ? first : second;
      await actor.ask(`swap ${next}`);
      expect(segment(await look(), next)?.holders).toHaveLength(1);
    }
  });
});
