// The sampler on the live machine, with native calls and without: one object of every kind, made in namespaces of its own.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Capability } from '../../src/probe/model/capability.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { compileC } from '../support/compile-c.ts';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';
import { isOpenToAll } from '../support/lab-program.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = 65534;

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'private namespaces need root';
  for (const program of ['cc', 'unshare', 'nsenter', 'setpriv']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error) return `no program "${program}"`;
  }
  const tried = spawnSync('unshare', ['--ipc', '--mount', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `unshare is refused: ${tried.stderr.trim()}`;
}
const missing = whyNot();

interface Seen {
  readonly snapshot: Snapshot;
  readonly capabilities: readonly Capability[];
}

describe.skipIf(missing)(`the live machine${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  /** Where the sources are, and the Node to run them with. */
  let home: string;
  let node: string;
  let maker: ChildProcessWithoutNullStreams;
  let pids: readonly number[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-live-'));
    chmodSync(folder, 0o755);
    home = installSources(folder);
    node = home === folder ? join(folder, 'node') : realpathSync(process.execPath);
    const binary = join(folder, 'objects');
    compileC(binary, [join(repository, 'test/probe/objects.c')]);
    const inside = 'mount -t tmpfs -o size=1m,mode=1777 shmtop /dev/shm && exec "$0"';
    maker = spawn('unshare', ['--ipc', '--mount', '--propagation', 'private', 'sh', '-c', inside, binary]);
    const lines = createInterface({ input: maker.stdout });
    pids = await new Promise((found, failed) => {
      lines.once('line', (line) => found(line.split(' ').map(Number)));
      maker.once('exit', (code) => failed(new Error(`the maker ended with ${code}`)));
    });
  });

  afterAll(() => {
    maker?.stdin.end(); // both processes end with their input; the namespaces and all in them go with them
    rmSync(folder, { recursive: true, force: true });
  });

  const looks = new Map<string, Seen>();

  /** What the sampler says from within the namespaces of the maker, where nothing changes: the same look is taken once. */
  function look(env: NodeJS.ProcessEnv, script = '', as: readonly string[] = []): Seen {
    const key = JSON.stringify([env, script, as]);
    const seen = looks.get(key) ?? lookNow(env, script, as);
    looks.set(key, seen);
    return seen;
  }

  function lookNow(env: NodeJS.ProcessEnv, script: string, as: readonly string[]): Seen {
    const { stdout, stderr, status } = spawnSync(
      'nsenter',
      ['-t', String(pids[0]), '-i', '-m', ...as, node, '--input-type=module', '-e', scriptOf(script)],
      { env: { ...process.env, ...COMPILED_SOURCES, ...env }, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  const scriptOf = (before: string) => `
    const { Sampler } = await import(${JSON.stringify(join(home, 'src/probe/look/sampler.ts'))});
    const { readCapabilities } = await import(${JSON.stringify(join(home, 'src/probe/doctor/capabilities.ts'))});
    const sampler = new Sampler({ minAgeSec: 0 });
    ${before}
    const snapshot = sampler.sample();
    process.stdout.write(JSON.stringify({ snapshot, capabilities: readCapabilities(snapshot) }));`;

  /** Objects of the maker: those of its IPC namespace, and those that it or its child holds or that lie in its /dev/shm. */
  function ours({ snapshot }: Seen): ShmObject[] {
    return snapshot.objects.filter(
      ({ ipcNamespace, holders, rawPath }) =>
        ipcNamespace === snapshot.host.ipcNamespace ||
        rawPath !== undefined ||
        holders.some(({ pid }) => pids.includes(pid)),
    );
  }
  const held = ({ id, holders }: ShmObject) => ({
    id,
    holders: holders.map(({ pid, startTicks, mappings, fds, comm, uid }) => ({
      pid,
      startTicks,
      mappings,
      fds,
      comm,
      uid,
    })),
  });

  test('is the same with native calls and without them: objects, holders, mappings, descriptors', () => {
    const native = ours(look({}));
    const text = ours(look({ SHMTOP_NATIVE: 'off' }));
    expect(native.length).toBe(11);
    expect(text.map(held)).toEqual(native.map(held));
    const facts = ({
      id,
      nattch,
      rssBytes,
      sizeBytes,
      perms,
      status,
      creator,
      lastUser,
      ctimeSec,
      rawName,
    }: ShmObject) => {
      return { id, nattch, rssBytes, sizeBytes, perms, status, creator, lastUser, ctimeSec, rawName };
    };
    const segments = (objects: readonly ShmObject[]) => objects.filter(({ kind }) => kind === 'sysv').map(facts);
    expect(segments(text)).toEqual(segments(native));
  });

  test('shows every kind with both holders', () => {
    const objects = ours(look({}));
    const of = (kind: string) =>
      objects
        .filter((object) => object.kind === kind)
        .map(({ rawName, holders }) => [rawName, holders.map(({ pid }) => pid)]);
    expect(of('sysv')).toEqual([
      ['0x5ab00001', pids],
      ['0xf5ab0002', []],
      ['0x00000000', pids],
    ]);
    expect(of('posix')).toEqual([
      ['/mapped', pids],
      ["/nobody's", []],
      ['/open', pids],
      ['/private', pids],
    ]);
    expect(of('unlinked')).toEqual([['/unlinked', pids]]);
    expect(of('memfd').sort()).toEqual([
      ['memfd:mapped', pids],
      ['memfd:open', pids],
    ]);
    expect(of('anonymous')).toEqual([['anonymous', pids]]);
  });

  test('without native calls says what is lost, and calls nothing in /dev/shm abandoned', () => {
    const { snapshot, capabilities } = look({ SHMTOP_NATIVE: 'off' });
    expect(snapshot.gaps).toContainEqual(expect.objectContaining({ source: 'native', reason: 'unsupported' }));
    expect(snapshot.visibility.complete).toBe(false);
    const lost = capabilities.filter(({ state }) => state !== 'yes');
    expect(lost.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['native calls', 'segment table', 'mappings', 'file leases']),
    );
    expect(lost.filter((one) => !one.lost)).toEqual([]);
    const names = snapshot.objects.filter(({ kind }) => kind === 'posix');
    expect(names.filter(({ verdict }) => verdict.state === 'abandoned')).toEqual([]);
  });

  test('a segment whose creator lives is not abandoned, with native calls, without, and as an ordinary user', () => {
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    for (const seen of [
      look({}),
      look({ SHMTOP_NATIVE: 'off' }),
      look({}, '', asNobody),
      look({ SHMTOP_NATIVE: 'off' }, '', asNobody),
    ]) {
      const segment = ours(seen).find(({ key }) => key === '0xf5ab0002');
      expect(segment).toMatchObject({ creator: { pid: pids[0], state: 'alive' }, verdict: { state: 'unheld' } });
    }
  });

  test('what an ordinary user may not see is said to be unseen: hidden mappings, unknown names, not inspected processes', () => {
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    for (const env of [{}, { SHMTOP_NATIVE: 'off' }]) {
      const seen = look(env, '', asNobody);
      const { visibility } = seen.snapshot;
      expect(visibility.complete).toBe(false);
      expect(visibility.gaps.flatMap(({ pids: refused = [] }) => refused)).toEqual(expect.arrayContaining([...pids]));
      const objects = ours(seen);
      expect(objects.find(({ key }) => key === '0x5ab00001')).toMatchObject({
        nattch: 2,
        hiddenMappings: 2,
        verdict: { state: 'in-use' },
      });
      expect(objects.find(({ rawName }) => rawName === '/mapped')?.verdict.state).toBe('unknown');
      expect(objects.find(({ rawName }) => rawName === "/nobody's")?.verdict.state).toBe('unknown');
    }
  });

  test('the doctor promises an ordinary user less than root, and no kernel thread counts as one that was not looked into', () => {
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    const lostTo = ({ capabilities, snapshot: { visibility } }: Seen) =>
      visibility.inspected === visibility.processes
        ? ''
        : (capabilities.find(({ name }) => name === 'processes')?.lost ?? 'nothing');
    expect(lostTo(look({}, '', asNobody))).toContain('read "unknown"');
    expect(lostTo(look({}))).not.toContain('"unknown"');
    const PF_KTHREAD = 0x200000;
    const isKernelThread = (pid: number) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        return (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6]) & PF_KTHREAD) !== 0;
      } catch {
        return false; // ENOENT, ESRCH: ended meanwhile
      }
    };
    const { gaps } = look({}, '', asNobody).snapshot;
    const refused = gaps.flatMap(({ source, pids: some = [] }) => (source === 'ns' ? some : []));
    expect(refused).toContain(pids[0]);
    expect(refused.filter(isKernelThread)).toEqual([]);
  });

  test('when no descriptor can be opened any more, nothing is abandoned, and the gaps say that nothing was seen', () => {
    const exhaust = `
      const { openSync } = await import('node:fs');
      sampler.sample();
      try { for (;;) openSync('/dev/null'); } catch {}`;
    // Node raises its soft limit to the hard one, so the hard one has to be low.
    const few = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
    for (const env of [{}, { SHMTOP_NATIVE: 'off' }]) {
      const { snapshot } = look(env, exhaust, few);
      expect(snapshot.objects.filter(({ verdict }) => verdict.state === 'abandoned')).toEqual([]);
      expect(snapshot.visibility.complete).toBe(false);
      expect(snapshot.gaps.map(({ source }) => source)).toContain('proc');
    }
  });
});

describe.skipIf(missing)(`a process that has left its IPC namespace${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('still holds what it attached there, though no process is in that namespace any more', async () => {
    const python = spawnSync('python3', ['--version']).error;
    if (python) return;
    const script = `
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
shmid = libc.shmget(0x5ab0cafe, 12117, 0o1600)
assert libc.shmat(shmid, None, 0) > 0
assert libc.unshare(0x08000000) == 0
print(shmid, flush=True)
sys.stdin.read()`;
    const leaver = spawn('unshare', ['--ipc', 'python3', '-c', script]);
    try {
      const line: string = await new Promise((found) => createInterface({ input: leaver.stdout }).once('line', found));
      const { Sampler } = await import('../../src/probe/look/sampler.ts');
      const segments = new Sampler().sample().objects.filter(({ kind }) => kind === 'sysv');
      const held = segments.filter(({ holders }) => holders.some(({ pid }) => pid === leaver.pid));
      expect(held).toMatchObject([{ shmid: Number(line), key: '0x5ab0cafe', verdict: { state: 'in-use' } }]);
    } finally {
      leaver.stdin.end();
    }
  });
});

/** The sources, koffi and Node where every user can read them: copied only where the repository is not open to all. */
function installSources(folder: string): string {
  const isOpen = [process.execPath, join(repository, 'package.json'), join(repository, 'src/start.ts')].every(
    isOpenToAll,
  );
  if (isOpen) return repository;
  cpSync(join(repository, 'src'), join(folder, 'src'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(folder, 'package.json'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['koffi', '@koromix']) {
    const from = realpathSync(join(repository, 'node_modules', name));
    cpSync(from, join(folder, 'node_modules', name), { recursive: true, dereference: true });
  }
  cpSync(realpathSync(process.execPath), join(folder, 'node'));
  chmodSync(join(folder, 'node'), 0o755);
  return folder;
}
