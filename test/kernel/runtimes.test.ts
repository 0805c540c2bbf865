// Real containers, of podman and of LXC where they are installed, in a machine of their own: what they hold, leave and are called.
// Without them the forms of their control groups and records stand in test/probe/parse/cgroup-forms.ts and source/container-records.test.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { labMissing } from '../support/lab.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const need = (...programs: readonly string[]) => {
  const lacking = programs.filter((program) => !isThere(program));
  return labMissing() ?? (lacking.length === 0 ? undefined : `not installed: ${lacking.join(', ')}`);
};
const titled = (title: string, missing: string | undefined) =>
  missing === undefined ? title : `${title} (skipped: ${missing})`;

const MARK = `shmtop${process.pid}`;
/** Maps one object, leaves a segment, and stays. */
const INSIDE = `
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/shm.h>
int main(void) {
  int fd = shm_open("/inside", O_CREAT | O_RDWR, 0600);
  if (fd < 0 || ftruncate(fd, 8192)) return 1;
  char *at = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  *at = 1;
  if (shmget(0, 4096, 0600 | IPC_CREAT) < 0) return 1;
  for (;;) pause();
}`;

interface Ls {
  readonly objects: readonly {
    readonly kind: string;
    readonly name: string;
    readonly verdict: { readonly state: string };
    readonly container?: { readonly name?: string; readonly runtime: string; readonly uid?: number };
  }[];
  readonly namespaces: readonly { readonly isOwn: boolean; readonly resident?: { readonly innerPid?: number } }[];
}

/** `start` and `end` are sh; the process inside is called as the mark is. */
function played(start: string, end: string): { readonly alive: Ls; readonly gone: Ls } {
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-test-'));
  try {
    for (const name of ['proc', 'sys', 'dev/shm', 'etc', 'run', 'tmp', 'var']) {
      mkdirSync(join(folder, 'root', name), { recursive: true });
    }
    writeFileSync(join(folder, 'inside.c'), INSIDE);
    execFileSync('cc', ['-static', '-o', join(folder, 'root', MARK), join(folder, 'inside.c')]);
    const script = `folder=${folder}; mark=${MARK}
umount /sys/fs/cgroup/unified 2>/dev/null
for at in /dev/shm /var/lib /run; do mount -t tmpfs own $at; done
ls() { ${process.execPath} ${PROGRAM} ls --json --min-age 0; }
${start}
tries=0; until pgrep -x $mark >/dev/null && ls | grep -q /inside || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
ls > $folder/alive
for pid in $(pgrep -x $mark); do kill -9 $pid; done
while pgrep -x $mark > /dev/null; do sleep 0.05; done
ls > $folder/gone
${end}`;
    execFileSync('unshare', ['-imp', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', script], {
      env: { ...process.env, SHMTOP_NO_WITNESS: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 100_000,
    });
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return { alive: read('alive'), gone: read('gone') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = ({ objects }: Ls, kind: string) =>
  objects.find((object) => object.kind === kind && (kind === 'sysv' || object.name === '/inside'));

const PODMAN = `
cat > /run/containers.conf << END
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "crun"
conmon_path = ["$(command -v conmon)"]
[engine.runtimes]
crun = ["$(command -v crun)"]
END
export CONTAINERS_CONF=/run/containers.conf
podman() { command podman --root /var/lib/containers/storage --runroot /run/containers/storage --storage-driver vfs "$@"; }
podman run -d --name $mark-web --network none --security-opt seccomp=unconfined --rootfs $folder/root /$mark`;
const noPodman = need('podman', 'crun', 'conmon');

describe.skipIf(noPodman)(titled('podman', noPodman), () => {
  test('has its container named: what it holds, what lies in its namespace, and what it leaves mounted', () => {
    const end = `podman rm -f $mark-web
for top in /sys/fs/cgroup/*/libpod_parent; do rmdir $top/* $top; done 2>/dev/null; true`;
    const { alive, gone } = played(PODMAN, end);
    const container = { name: `${MARK}-web`, runtime: 'podman' };
    expect(found(alive, 'posix')).toMatchObject({ container, verdict: { state: 'in-use' } });
    expect(found(alive, 'sysv')).toMatchObject({ container });
    expect(alive.namespaces.find(({ isOwn }) => !isOwn)?.resident?.innerPid).toBe(1);
    const left = found(gone, 'posix');
    if (left) expect(left).toMatchObject({ container });
    expect(left?.verdict.state).not.toBe('abandoned');
  });
});

const LXC = `
mkdir -p /run/lxc /var/lib/lxc/rootfs /var/lib/misc
cat > /run/web.conf << END
lxc.rootfs.path = dir:$folder/root
lxc.rootfs.mount = /var/lib/lxc/rootfs
lxc.uts.name = web
lxc.init.cmd = /$mark
lxc.net.0.type = none
lxc.mount.auto = proc:rw
lxc.mount.entry = tmpfs dev/shm tmpfs create=dir 0 0
lxc.autodev = 1
END
lxc-start -n $mark-web -f /run/web.conf -d -P /var/lib/lxc -o /run/lxc.log -l ERROR`;
const noLxc = need('lxc-start');
/** Of LXC: those of the container, and one for itself. */
const groups = () =>
  ['', '*/', '*/*/'].flatMap((above) =>
    globSync([`/sys/fs/cgroup/*/${above}lxc.*.${MARK}-web`, `/sys/fs/cgroup/*/${above}lxc.pivot`]),
  );

describe.skipIf(noLxc)(titled('LXC', noLxc), () => {
  test('has its container named by its control group', () => {
    const before = new Set(groups());
    const { alive } = played(LXC, 'true');
    // Its monitor ends with the machine: only then its groups can go.
    for (let tries = 0; tries < 50 && groups().some((path) => !before.has(path)); tries++) {
      spawnSync('sh', [
        '-c',
        'rmdir "$@" 2>/dev/null || sleep 0.1',
        'sh',
        ...groups().filter((path) => !before.has(path)),
      ]);
    }
    const container = { id: `${MARK}-web`, name: `${MARK}-web`, runtime: 'lxc' };
    expect(found(alive, 'posix')).toMatchObject({ container, verdict: { state: 'in-use' } });
    expect(found(alive, 'sysv')).toMatchObject({ container });
  });
});
