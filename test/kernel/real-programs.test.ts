// Real programs, alive and after SIGKILL, each in a lab of its own: what they share must never be called abandoned while they live.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab, type RunOptions } from '../support/lab.ts';
import { findProgram, NOBODY, SOMEBODY } from '../support/lab-host.ts';
import { expectVerdict, type Ls, type LsObject, namedIn } from '../support/lab-json.ts';

const AT_ONCE = ['--min-age', '0'];
const noLab = labMissing();
const container = containerReason();

/** Names in the lab's /dev/shm, as `ls` there gives them. */
async function namesIn(lab: Lab): Promise<string[]> {
  return (await lab.run(['ls', '-A', '/dev/shm'])).stdout.split('\n').filter(Boolean);
}

/** Pids of living processes in the lab's IPC namespace with that command name, as /proc says. */
async function pidsOf(lab: Lab, comm: string): Promise<number[]> {
  const script = `cd /proc; for p in [0-9]*; do
    [ "$(cat $p/comm 2>/dev/null)" = "$1" ] && [ "$(readlink $p/ns/ipc)" = "ipc:[$2]" ] && echo $p; done; true`;
  const { stdout } = await lab.run(['sh', '-c', script, 'pids', comm, lab.ipcNamespace]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** Waits for a line on standard output or error that matches. */
async function lineFrom(lab: Lab, words: readonly string[], wanted: RegExp, options: RunOptions = {}): Promise<string> {
  const child = lab.start(words, options);
  let all = '';
  return new Promise((resolve, reject) => {
    const take = (text: Buffer) => {
      all += text.toString();
      const line = all.split('\n').find((line) => wanted.test(line));
      if (line !== undefined) resolve(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', (code) => reject(new Error(`${words[0]} ended with ${code}: ${all}`)));
  });
}

const segmentsOf = (ls: Ls) => ls.objects.filter((object) => object.ipcNamespace === ls.host.ipcNamespace);
/** Of the lab's own segments and names: the machine may have leftovers of others. */
const abandonedIn = (ls: Ls): readonly LsObject[] =>
  [...segmentsOf(ls), ...ls.objects.filter((object) => object.path !== undefined)].filter(
    (object) => object.verdict.state === 'abandoned',
  );

const postgresFolder = ['17', '16', '15', '14', '13']
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((folder) => existsSync(`${folder}/initdb`));
const noPostgres = noLab ?? (postgresFolder ? undefined : 'PostgreSQL is not installed');

describe.skipIf(noPostgres)(labTitle('PostgreSQL', noPostgres), () => {
  const user = { uid: NOBODY };
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const data = `${lab.scratch}/data`;
    const init = ['--no-sync', '--locale=C', '--encoding=UTF8', '--auth=trust', '--username=lab', '-D', data];
    const { code, stderr } = await lab.run([`${postgresFolder}/initdb`, ...init], user);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    // With these two off, no process maps the server's own dynamic segment, and removing it still breaks the server.
    const settings = [
      'autovacuum=off',
      'max_logical_replication_workers=0',
      'min_dynamic_shared_memory=1MB',
      'fsync=off',
    ];
    const quiet = ['listen_addresses=', `unix_socket_directories=${lab.scratch}`, 'dynamic_shared_memory_type=posix'];
    const options = [...settings, ...quiet].flatMap((setting) => ['-c', setting]);
    await lineFrom(lab, [`${postgresFolder}/postgres`, '-D', data, ...options], /ready to accept connections/, user);
  });
  afterAll(() => lab?.close());

  test('alive: the interlock segment is in use, and recognised', async () => {
    const ls = await lab.ls(AT_ONCE);
    const [interlock, ...more] = segmentsOf(ls);
    expect(more).toEqual([]);
    expect(interlock).toMatchObject({ sizeBytes: 56, perms: '600', uid: NOBODY, software: { name: 'PostgreSQL' } });
    expect(interlock?.holders.length).toBe(interlock?.nattch);
    expect(interlock?.verdict.state).toBe('in-use');
  });

  test('alive: its files are never abandoned, also those that no process maps or has open', async () => {
    const ls = await lab.ls(AT_ONCE);
    const names = await namesIn(lab);
    expect(names.length).toBeGreaterThanOrEqual(2);
    const mapped = (await lab.run(['sh', '-c', 'cat /proc/[0-9]*/maps'])).stdout;
    const unmapped = names.filter((name) => !mapped.includes(`/dev/shm/${name}`));
    expect(unmapped).not.toEqual([]);
    for (const name of names) {
      const object = namedIn(ls, name);
      expect(object.software).toMatchObject({ name: 'PostgreSQL', outlives: false });
      if (unmapped.includes(name)) expectVerdict(object, 'unheld', 'lease-free', 'software-alive');
      else expectVerdict(object, 'in-use', 'held');
    }
  });

  test('alive, seen by another ordinary user: nothing is abandoned', async () => {
    const ls = await lab.ls(AT_ONCE, { uid: NOBODY - 1 });
    expect(abandonedIn(ls)).toEqual([]);
    for (const name of await namesIn(lab)) expectVerdict(namedIn(ls, name), 'unknown', 'lease-denied');
    expect(segmentsOf(ls).map((object) => object.verdict.state)).toEqual(['in-use']);
  });

  test('killed but for one stopped backend process: the segment is in use and the files are not abandoned', async () => {
    const pids = await pidsOf(lab, 'postgres');
    const [stopped, ...others] = pids.toSorted((a, b) => b - a);
    expect(others.length).toBeGreaterThan(2);
    await lab.run(['kill', '-STOP', String(stopped)]);
    await lab.kill(...others);
    const ls = await lab.ls(AT_ONCE);
    const [interlock] = segmentsOf(ls);
    expect(interlock).toMatchObject({ nattch: 1, creator: { state: 'dead' }, holders: [{ pid: stopped }] });
    expect(abandonedIn(ls)).toEqual([]);
    if (stopped !== undefined) await lab.kill(stopped);
  });

  test('all killed: the interlock segment is orphaned, but only after the grace time', async () => {
    expect(await pidsOf(lab, 'postgres')).toEqual([]);
    const [interlock] = segmentsOf(await lab.ls(AT_ONCE));
    expect(interlock).toMatchObject({ nattch: 0, holders: [], verdict: { state: 'orphaned' } });
    const patient = await lab.ls();
    expect(segmentsOf(patient)).toHaveLength(1);
    expect(abandonedIn(patient)).toEqual([]);
  });

  test.skipIf(container)(labTitle('all killed: every file that it left is abandoned', container), async () => {
    const names = await namesIn(lab);
    expect(names.length).toBeGreaterThanOrEqual(2);
    const ls = await lab.ls(AT_ONCE);
    for (const name of names) expectVerdict(namedIn(ls, name), 'abandoned', 'lease-free', 'software-leftover');
  });
});

const PYTHON = '/usr/bin/python3';
const noPython = noLab ?? (existsSync(PYTHON) ? undefined : `${PYTHON} is not installed`);

describe.skipIf(noPython)(labTitle("Python's multiprocessing.shared_memory", noPython), () => {
  const script = `
import json, os, sys
from multiprocessing import resource_tracker, shared_memory
memory = shared_memory.SharedMemory(create=True, size=12117)
print(json.dumps([memory.name, os.getpid(), resource_tracker._resource_tracker._pid]), flush=True)
sys.stdin.read()`;
  const create = async (): Promise<[string, number, number]> =>
    JSON.parse(await lineFrom(lab, [PYTHON, '-c', script], /^\[/, user));
  const user = { uid: SOMEBODY };
  const holders: number[] = [];
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab('machine-pids');
  });
  afterAll(() => lab?.close());

  test('alive: in use by its creator, with the mapping and the descriptor', async () => {
    const [name, pid, tracker] = await create();
    holders.push(tracker, pid); // in the order of their end: a tracker removes what its process has left
    const object = namedIn(await lab.ls(AT_ONCE), name);
    expect(object.holders).toMatchObject([{ pid, mappings: [{ perms: 'rw-s' }] }]);
    expect(object.holders[0]?.fds.length).toBeGreaterThan(0);
    expectVerdict(object, 'in-use', 'held');
  });

  test('creator and tracker killed while another Python of that user lives: unheld, it could come back', async () => {
    const [name, pid, tracker] = await create();
    await lab.kill(tracker, pid);
    expect(await namesIn(lab)).toContain(name);
    expectVerdict(namedIn(await lab.ls(AT_ONCE), name), 'unheld', 'lease-free', 'software-alive');
  });

  test.skipIf(container)(labTitle('all killed: abandoned, but only after the grace time', container), async () => {
    await lab.kill(...holders.splice(0));
    const names = await namesIn(lab);
    expect(names).toHaveLength(2);
    const [ls, patient] = [await lab.ls(AT_ONCE), await lab.ls()];
    for (const name of names) {
      expectVerdict(namedIn(ls, name), 'abandoned', 'lease-free', 'software-leftover');
      expectVerdict(namedIn(patient, name), 'unheld', 'too-young');
    }
  });

  test('a living Python that goes by the name of its script, without a tracker, keeps what it closed from being abandoned', async () => {
    // Turning the tracker off like this is the usual way around cpython#82300; Python 3.13 has track=False for it.
    const trainer = `#!${PYTHON}
import sys
from multiprocessing import resource_tracker, shared_memory
resource_tracker.register = lambda name, kind: None
memory = shared_memory.SharedMemory(create=True, size=12117)
memory.close()
print('made', memory.name, flush=True)
sys.stdin.read()`;
    const path = `${lab.scratch}/trainer`;
    await lab.run(['sh', '-c', 'printf %s "$1" > "$2" && chmod 755 "$2"', 'write', trainer, path]);
    const [, name = ''] = (await lineFrom(lab, [path], /^made /, user)).split(' ');
    expect(await pidsOf(lab, 'trainer')).toHaveLength(1);
    const object = namedIn(await lab.ls(AT_ONCE), name);
    expect(object.holders).toEqual([]);
    expectVerdict(object, 'unheld', 'lease-free', 'software-alive');
    await lab.kill(...(await pidsOf(lab, 'trainer')));
  });

  test('so does one that carries another name itself, whose library is built in', async () => {
    const worker = `${lab.scratch}/worker`;
    await lab.run(['cp', PYTHON, worker]);
    const closing = script.replace('sys.stdin.read()', 'memory.close(); sys.stdin.read()');
    const [name] = JSON.parse(await lineFrom(lab, [worker, '-c', closing], /^\[/, user));
    const object = namedIn(await lab.ls(AT_ONCE), name);
    expect(object.holders).toEqual([]);
    expectVerdict(object, 'unheld', 'lease-free', 'software-alive');
  });
});

const noXvfb = noLab ?? (findProgram('Xvfb') ? undefined : 'Xvfb is not installed');

describe.skipIf(noXvfb)(labTitle('Xvfb -shmem', noXvfb), () => {
  // Its lock and socket go to a /tmp that only it sees.
  const through = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs lab /tmp && exec "$@"', 'sh'];
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const words = ['Xvfb', '-displayfd', '1', '-shmem', '-screen', '0', '640x480x8', '-nolisten', 'tcp'];
    await lineFrom(lab, words, /^\d+$/, { through, uid: SOMEBODY });
  });
  afterAll(() => lab?.close());

  test('alive: its screen is in use', async () => {
    const [pid] = await pidsOf(lab, 'Xvfb');
    const segments = segmentsOf(await lab.ls(AT_ONCE));
    expect(segments.length).toBeGreaterThan(0);
    for (const segment of segments) {
      expect(segment).toMatchObject({ key: '0x00000000', perms: '777', creator: { pid, state: 'alive' } });
      expectVerdict(segment, 'in-use', 'held', 'attached');
    }
  });

  test('ended by SIGTERM: what it leaves is orphaned: other programs make the same by hand', async () => {
    const pids = await pidsOf(lab, 'Xvfb');
    await lab.run(['kill', ...pids.map(String)]);
    for (let tries = 0; tries < 100 && (await pidsOf(lab, 'Xvfb')).length > 0; tries++);
    const segments = segmentsOf(await lab.ls(AT_ONCE));
    expect(segments.length).toBeGreaterThan(0);
    for (const segment of segments) expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-dead');
  });
});
