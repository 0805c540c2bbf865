// Names of containers in the dashboard and in a watch: there as soon as docker tells them, and never waited for.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleep } from '../support/terminal.ts';
import { Arena, arenaMissing, attackTitle } from './support/arena.ts';

const missing = arenaMissing();
const DAEMON = fileURLToPath(new URL('container-names/daemon.py', import.meta.url));
const ID = 'abc123'.padEnd(64, '7');
/** What systemd gives to a user, in which he makes and names groups as he likes. */
const USERS = '/user.slice/user-65534.slice/user@65534.service';
/** Whom to ask, as somebody else would have it. */
const ELSEWHERE = {
  DOCKER_SOCKET: '/run/other.sock',
  DOCKER_HOST: 'unix:///run/other.sock',
  DOCKER_SOCKET_TIMEOUT: '1',
};
const NAMES = { '/run/docker.sock': 'shop-web-1', '/run/other.sock': 'wrong' };

describe.skipIf(missing)(attackTitle('names of containers', missing), () => {
  let arena: Arena;
  beforeAll(async () => {
    // The kernel's own line is covered, and so are the folders: to make a control group would change the machine.
    arena = await Arena.open(`
mount -t tmpfs -o mode=755 groups /sys/fs/cgroup || exit 1
mkdir -p /sys/fs/cgroup/system.slice/docker-${ID}.scope /sys/fs/cgroup${USERS}/docker-${ID}.scope
chown -R 65534:65534 /sys/fs/cgroup${USERS}
cp ${DAEMON} /run/daemon.py
echo held > /dev/shm/held-inside
unshare -m sh -c 'exec 3<>/dev/shm/held-inside; exec sleep 600' & holder=$!
until [ "$(readlink /proc/$holder/fd/3)" = /dev/shm/held-inside ]; do sleep 0.05; done
echo '0::/system.slice/docker-${ID}.scope' > /run/cgroup
mount --bind /run/cgroup /proc/$holder/cgroup`);
  });
  afterAll(() => arena?.close());

  /** Daemons anew: that of the machine answers like that, the other one honestly. */
  const daemons = (how: string) =>
    arena.place.run(`
for pid in $(cat /run/daemons 2>/dev/null); do kill -9 $pid; done; rm -f /run/*.sock /run/daemons /run/*.log
${Object.entries(NAMES)
  .map(
    ([path, name]) => `
echo '{"how":"${path === '/run/docker.sock' ? how : 'honest'}","containers":[["${ID}","${name}"]]}' > ${path}.mode
python3 /run/daemon.py ${path}.mode ${path} & echo $! >> /run/daemons
until [ -S ${path} ]; do sleep 0.05; done`,
  )
  .join('')}`);
  const asked = (path: string) => arena.place.read(`cat ${path}.mode.log`);

  test('are shown, filtered by and grouped by in the dashboard; whom the environment names is not asked', async () => {
    await daemons('honest');
    const terminal = arena.terminal([], { env: ELSEWHERE, rows: 50 });
    await terminal.until('held-inside');
    terminal.type('/container=shop-web\r');
    await terminal.until(/filter: container=shop-web .*1 of 1/);
    await sleep(300); // a key at once would belong to the filter
    terminal.type('\r');
    await terminal.until(/container shop-web-1 \(docker/);
    terminal.type('5ttt');
    await terminal.until(/shop-web-1[\s\S]*by container/);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
    expect(await asked('/run/docker.sock')).toMatch(/^(GET http:\/containers\/json HTTP\/1.0\n){1,3}$/);
    expect(await asked('/run/other.sock')).toBe('');
  });

  test.each([['never'], ['flood'], ['ids']])(
    'a daemon that answers "%s" delays no sample, and not the end',
    async (how) => {
      await daemons(how);
      const terminal = arena.terminal();
      await terminal.until('held-inside');
      for (const at of [1, 2, 3]) {
        await arena.place.run(`echo x > /dev/shm/new-${how}-${at}`);
        await terminal.until(`new-${how}-${at}`, 5000);
      }
      expect(await asked('/run/docker.sock')).toContain('GET');
      const startedMs = performance.now();
      terminal.type('q');
      expect(await terminal.exited()).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(2500);
      await arena.place.run('rm /dev/shm/new-*');
    },
  );

  test('are what a watch filters by', async () => {
    await daemons('honest');
    const watching = arena.shmtop(['watch', '--json', '--for', '4', 'container=shop-web'], { env: ELSEWHERE });
    await sleep(2500);
    await arena.place.run('exec 4</dev/shm/held-inside; sleep 0.2');
    const { stdout } = await watching;
    expect(stdout).toContain('held-inside');
    expect(await asked('/run/other.sock')).toBe('');
  });

  test('a user who calls his group after the container of somebody else is not taken for it', async () => {
    await daemons('honest');
    await arena.place.run(`
echo held > /dev/shm/his
unshare -m sh -c 'exec 3<>/dev/shm/his; exec sleep 600' & echo $! > /run/his
until [ "$(readlink /proc/$(cat /run/his)/fd/3)" = /dev/shm/his ]; do sleep 0.05; done
echo '0::${USERS}/docker-${ID}.scope' > /run/his-group
mount --bind /run/his-group /proc/$(cat /run/his)/cgroup`);
    const terminal = arena.terminal([], { env: ELSEWHERE, rows: 50 });
    await terminal.until('held-inside');
    terminal.type('/container=shop-web\r');
    await terminal.until(/filter: container=shop-web .*1 of 1 shown, 2 objects/);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
    const { stdout } = await arena.shmtop(['ls', '--columns', 'id,container', 'his']);
    expect(stdout).toMatch(/posix:\/his +65534\/abc123777777/);
    const grouped = await arena.shmtop(['ls', '--json', 'container=65534/']);
    expect(grouped.stdout).toContain('"container":{"id":"abc123777777","runtime":"docker","uid":65534}');
    expect(grouped.stdout).not.toContain('held-inside');
    await arena.place.run('kill $(cat /run/his); rm /dev/shm/his');
  });

  test('ls does not ask, it would have to wait, and reads what docker wrote down', async () => {
    await daemons('never');
    const { stdout, isLate } = await arena.shmtop(['ls', '--json'], { env: ELSEWHERE, deadlineMs: 10_000 });
    expect(isLate).toBe(false);
    expect(stdout).toContain('"container":{"id":"abc123777777","runtime":"docker"}');
    await arena.place.run(`
mount -t tmpfs own /var/lib; mkdir -p /var/lib/docker/containers/${ID}
echo '{"Name":"/shop-web-1"}' > /var/lib/docker/containers/${ID}/config.v2.json`);
    const named = await arena.shmtop(['ls', '--json', 'container=shop-web-1']);
    expect(named.stdout).toContain('"container":{"id":"abc123777777","name":"shop-web-1","runtime":"docker"}');
    expect((await arena.shmtop(['ps', 'container=shop-web-1'])).stdout).toContain('sleep');
    expect(await asked('/run/docker.sock')).toBe('');
  });
});
