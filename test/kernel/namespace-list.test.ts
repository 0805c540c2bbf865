// IPC namespaces and places that no process leads to, or that have limits of their own, in a machine of their own: who lives in them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labMissing } from '../support/lab.ts';

const missing = labMissing();
const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const ID = 'abc123'.padEnd(64, '7');

/** Leaves its namespace, which its descriptor keeps; another one is mounted on a file; a third has a process that is its first. */
const SCENE = `
import ctypes, os, subprocess, sys
folder = sys.argv[1]
libc = ctypes.CDLL(None, use_errno=True)
NEWIPC = 0x08000000
home = os.open('/proc/self/ns/ipc', os.O_RDONLY)
def away(mni, count):
    assert libc.unshare(NEWIPC) == 0
    open('/proc/sys/kernel/shmmni', 'w').write(str(mni))
    for at in range(count): assert libc.shmget(0, 4096 * (at + 1), 0o1600) >= 0
    return os.readlink('/proc/thread-self/ns/ipc')[5:-1]
kept = away(4, 3)
fd = os.open('/proc/thread-self/ns/ipc', os.O_RDONLY)
libc.setns(home, 0)
mounted = away(64, 1)
open(folder + '/mounted', 'w').close()
assert libc.mount(b'/proc/thread-self/ns/ipc', (folder + '/mounted').encode(), None, 4096, None) == 0
libc.setns(home, 0)
inside = subprocess.Popen(['unshare', '-imp', '--fork', 'sh', '-c', 'echo 7 > /proc/sys/kernel/shmmni; ipcmk -M 4096 >/dev/null; readlink /proc/self/ns/ipc >' + folder + '/inside; exec sleep 600'])
open(folder + '/numbers', 'w').write(kept + ' ' + mounted)
import time
time.sleep(600)
`;

interface Seen {
  readonly namespaces: readonly {
    readonly id: string;
    readonly isOwn: boolean;
    readonly keptBy: string;
    readonly shmmni: string;
    readonly segments: number;
    readonly resident?: { readonly pid: number; readonly innerPid?: number; readonly comm: string };
  }[];
  readonly objects: readonly {
    readonly id: string;
    readonly name: string;
    readonly verdict: { readonly state: string };
    readonly container?: { readonly id: string; readonly runtime: string };
  }[];
}

describe.skipIf(missing)(`namespaces${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let numbers: readonly string[];
  let seen: Seen;
  let after: Seen;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-test-'));
    writeFileSync(join(folder, 'scene.py'), SCENE);
    const script = `
mount -t tmpfs own /dev/shm; mount -t tmpfs own /var/lib
shm=/var/lib/docker/containers/${ID}/mounts/shm; mkdir -p $shm; mount -t tmpfs shm $shm; echo left > $shm/forgotten
echo '{"Name":"/web","Config":{"Image":"nginx"}}' > /var/lib/docker/containers/${ID}/config.v2.json
python3 ${folder}/scene.py ${folder} & scene=$!
until [ -s ${folder}/numbers ] && [ -s ${folder}/inside ]; do sleep 0.05; done
shmtop() { ${process.execPath} ${PROGRAM} "$@"; }
shmtop ls --json --min-age 0 > ${folder}/seen
kept=$(cut -d' ' -f1 ${folder}/numbers)
shmtop rm --yes --force --min-age 0 sysv:$kept:0 > ${folder}/removed 2>&1; echo $? >> ${folder}/removed
forgotten=$(sed -n 's/.*"id":"\\(posix:[0-9:]*\\)".*forgotten.*/\\1/p' ${folder}/seen)
shmtop rm --yes --force --min-age 0 $forgotten >> ${folder}/removed 2>&1; echo $? >> ${folder}/removed
shmtop ls --json --min-age 0 > ${folder}/after
umount ${folder}/mounted; kill $scene`;
    execFileSync('unshare', ['-imp', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script], {
      env: { ...process.env, SHMTOP_NO_WITNESS: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 60_000,
    });
    const read = (name: string) => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' });
    numbers = read('numbers').split(' ');
    seen = JSON.parse(read('seen'));
    after = JSON.parse(read('after'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const namespace = (id: string | undefined) => seen.namespaces.find((each) => each.id === id);

  test('that only a descriptor keeps has its segments listed, its own limits, and who has it open', () => {
    expect(namespace(numbers[0])).toMatchObject({
      keptBy: 'descriptor',
      shmmni: '4',
      segments: 3,
      resident: { comm: 'python3' },
    });
    expect(seen.objects.filter(({ id }) => id.startsWith(`sysv:${numbers[0]}:`))).toHaveLength(3);
  });

  test('that only a mount keeps says so', () => {
    expect(namespace(numbers[1])).toMatchObject({ keptBy: 'mount', shmmni: '64', segments: 1 });
    expect(namespace(numbers[1])?.resident).toBeUndefined();
  });

  test('with processes has the pid that its first one has inside', () => {
    const [inside] = seen.namespaces.filter(({ isOwn, keptBy }) => !isOwn && keptBy === 'process');
    expect(inside).toMatchObject({ shmmni: '7', segments: 1, resident: { innerPid: 1, comm: 'sleep' } });
  });

  test('a segment in one that a descriptor keeps can be removed', () => {
    const ids = after.objects.map(({ id }) => id);
    expect(ids).not.toContain(`sysv:${numbers[0]}:0`);
    expect(ids).toContain(`sysv:${numbers[0]}:1`);
  });

  test('the /dev/shm that an engine still mounts for a container that is gone is listed as its own, and is no proof of anything', () => {
    const left = seen.objects.find(({ name }) => name === '/forgotten');
    expect(left?.container).toEqual({ id: 'abc123777777', name: 'web', image: 'nginx', runtime: 'docker' });
    expect(left?.verdict.state).not.toBe('abandoned');
    expect(after.objects.some(({ name }) => name === '/forgotten')).toBe(false);
  });
});
