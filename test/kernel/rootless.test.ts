// Root of a user namespace, as in a rootless container: root by name, but owner of neither /proc nor what others made.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { expectVerdict, type Ls, namedIn } from '../support/lab-json.ts';

const missing = labMissing();
const CONTAINER = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** Makes an object, lets a process hold it by a descriptor, and runs the rest of its words. */
const SCRIPT = 'f=/dev/shm/shmtop-lab-inner; echo x > $f; sleep 60 9< $f & "$@"; kill $!';

describe.skipIf(missing)(labTitle('root of a user namespace', missing), () => {
  let lab: Lab;
  let now: Ls;

  const within = (words: readonly string[]) =>
    lab.run([...CONTAINER, 'sh', '-c', SCRIPT, 'sh', ...lab.shmtopWords(words)], { uid: NOBODY });

  beforeAll(async () => {
    lab = await openLab('own-pids');
    await lab.shm('shared', 'shmtop-lab-foreign');
    now = JSON.parse((await within(['ls', '--json'])).stdout);
  });
  afterAll(() => lab?.close());

  test('may read folders of users that it does not map: /proc and /dev/shm', () => {
    expect(now.gaps.map(({ source, reason }) => `${source} ${reason}`)).toEqual([]);
    expect(now.visibility.processes).toBeGreaterThanOrEqual(3); // the shell, the holder, the program
    expect(now.objects.map(({ name }) => name)).toEqual(['/shmtop-lab-foreign', '/shmtop-lab-inner']);
  });

  test('sees who holds its own object', () => {
    const object = namedIn(now, 'shmtop-lab-inner');
    expect(object.holders).toMatchObject([{ comm: 'sleep', fds: [9] }]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('is told by doctor that the kernel answers only for objects of users that it maps', async () => {
    const { stdout } = await within(['doctor', '--json']);
    const { capabilities }: { capabilities: { name: string; state: string }[] } = JSON.parse(stdout);
    expect(capabilities.find(({ name }) => name === 'file leases')?.state).toBe('partly');
  });
});
