// `show --search` among processes that want harm: it finds who knows the name, says of whom it could not tell, ends in time, and
// brings nothing into their memory.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY, SOMEBODY } from '../support/lab-host.ts';
import { placeMissing } from '../support/place.ts';
import { HostileScene } from './processes/scene.ts';

const missing = placeMissing();
const FOUND = ['6a16', 'b91e'] as const;

describe.skipIf(missing !== undefined)(
  `a search for a name in memory${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let scene: HostileScene;

    beforeAll(async () => {
      scene = await HostileScene.open();
      await scene.place.run(`for n in psm_6a16b91e frames; do echo x >/dev/shm/$n; chown ${NOBODY} /dev/shm/$n; done`);
    });
    afterEach(() => scene.clear());
    afterAll(() => scene?.close());

    const search = async () => {
      const ran = await scene.run(['show', '--json', '--search', '--yes', 'posix:/psm_6a16b91e']);
      expect(ran.code, ran.stderr).toBe(0);
      return { ...ran, search: JSON.parse(ran.stdout).search };
    };

    test.each([['heap'], ['utf16'], ['huge']])(
      'finds it in a process that keeps it (%s), and in no other',
      async (how) => {
        const [pid] = await scene.knower(how, ...FOUND);
        await scene.knower('heap', '0bad', 'cafe');
        await scene.knower('heap', ...FOUND, SOMEBODY);
        const { search: found, tookMs } = await search();
        expect(found.found.map((one: { pid: number }) => one.pid)).toEqual([pid]);
        expect(found).toMatchObject({ text: FOUND.join(''), uid: NOBODY, unreadable: 0, silent: 0 });
        expect(tookMs).toBeLessThan(10_000);
      },
    );

    test('says that nobody has it, and touches no page that was not there', async () => {
      const [pid] = await scene.knower('none', ...FOUND);
      const resident = async () => (await scene.place.read(`grep VmRSS /proc/${pid}/status`)).trim();
      const before = await resident();
      const { search: found } = await search();
      expect(found).toMatchObject({ found: [], processes: 1 });
      expect(await resident()).toBe(before);
      const { stdout } = await scene.run(['show', '--search', '--yes', 'posix:/psm_6a16b91e']);
      expect(stdout.replace(/\s+/g, ' ')).toContain(
        'it may sit in a pipe or a socket, in swapped pages, or with another user',
      );
    });

    test('is not held up by a process that is full of it', async () => {
      const [pid] = await scene.knower('data', ...FOUND);
      const { search: found, tookMs, peakBytes } = await search();
      expect(found.found).toHaveLength(1);
      expect(found.found[0]).toMatchObject({ pid, isAncestor: false });
      expect(found.readBytes).toBeLessThan(100_000_000);
      expect(tookMs).toBeLessThan(10_000);
      expect(peakBytes).toBeLessThan(300e6);
    });

    test('goes on past processes that never answer, counts them, and leaves none behind', async () => {
      const [pid] = await scene.knower('heap', ...FOUND);
      await scene.silent(3);
      const { search: found, tookMs } = await search();
      expect(found.silent).toBeGreaterThanOrEqual(3);
      expect(found.found.map((one: { pid: number }) => one.pid)).toEqual([pid]);
      expect(tookMs).toBeLessThan(15_000);
      expect(await scene.place.read('ps -eo args')).not.toContain('asker');
    });

    test('leaves other shmtops out: they know every name that they show, and want none', async () => {
      await scene.place.run('echo x >/dev/shm/psm_beefbeef');
      const [pid = 0] = await scene.knower('heap', 'beef', 'beef', 0);
      const found = async () => {
        const ran = await scene.run(['show', '--json', '--search', 'posix:/psm_beefbeef']);
        expect(ran.code, ran.stderr).toBe(0);
        const { search } = JSON.parse(ran.stdout);
        return { pids: search.found.map((one: { pid: number }) => one.pid), observers: search.observers };
      };
      const before = await found();
      expect(before.pids).toContain(pid);
      // As a shmtop of root says who it is, in a folder that only root can write to.
      const entry = `/run/shmtop/${pid}`;
      await scene.place.run(
        `mkdir -p /run/shmtop; echo "$(cut -d' ' -f22 /proc/${pid}/stat) $(readlink /proc/${pid}/ns/pid | tr -dc 0-9)" >${entry}`,
      );
      const after = await found();
      await scene.place.run(`rm ${entry}`);
      expect(after.pids).not.toContain(pid);
      expect(after.observers).toBe(before.observers + 1);
    });

    test('is refused for a word, for a segment without a name, and without a consent', async () => {
      const word = await scene.run(['show', '--search', '--yes', 'posix:/frames']);
      expect(word).toMatchObject({ code: 1, stderr: expect.stringContaining('has no random part') });
      const asked = await scene.run(['show', '--search', 'posix:/psm_6a16b91e']);
      expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody can be asked here; give --yes') });
    });
  },
);
