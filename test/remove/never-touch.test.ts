// The never-touch list at work: what it names is listed as kept and stays, whatever removal is asked for; when it cannot be read, all stays.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';

const missing = labMissing();

describe.skipIf(missing)(labTitle('a never-touch list', missing), () => {
  let lab: Lab;
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-never-'));
  beforeAll(async () => {
    lab = await openLab('own-pids');
    mkdirSync(join(folder, 'shmtop'), { recursive: true });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await lab.close();
  });

  const env = { XDG_CONFIG_HOME: folder };
  const write = (text: string) => writeFileSync(join(folder, 'shmtop/config.toml'), text);
  const shmtop = (...words: string[]) => lab.shmtop(words, { env });
  const find = async (shmid: number | undefined) => (await lab.ls()).objects.find((object) => object.shmid === shmid);
  /** Two segments of a dead maker, of which a list names the first by its owner. */
  const leaks = async () => {
    const kept = await lab.sysv('detached', [], { uid: NOBODY });
    const other = await lab.sysv('detached');
    await lab.kill(kept.pid, other.pid);
    return { kept, other };
  };

  test('keeps what it names from bulk removal and from its own ID, until --force', async () => {
    const { kept, other } = await leaks();
    write(`[never]\nusers = [${NOBODY}]\n`);
    const ls = await shmtop('ls', '--json', '--min-age', '0');
    const listed = JSON.parse(ls.stdout).objects.find(({ shmid }: { shmid?: number }) => shmid === kept.shmid);
    expect(listed.verdict.state).toBe('unheld');
    expect(listed.verdict.evidence.at(-1)).toMatchObject({
      code: 'never-touch',
      text: `it is on the never-touch list: users "${NOBODY}" in ${folder}/shmtop/config.toml line 2`,
    });
    await shmtop('rm', '--abandoned', '--orphaned', '--unheld', '--yes', '--min-age', '0');
    expect(await find(kept.shmid)).toBeDefined();
    expect(await find(other.shmid)).toBeUndefined();
    const named = await shmtop('rm', '--yes', `sysv:${kept.shmid}`);
    expect(named.code).toBe(1);
    expect(named.stderr).toContain('is on the never-touch list: users');
    expect(named.stderr).toContain('config.toml line 2');
    expect(await find(kept.shmid)).toBeDefined();
    const forced = await shmtop('rm', '--yes', '--force', `sysv:${kept.shmid}`);
    expect(forced.code).toBe(0);
    expect(await find(kept.shmid)).toBeUndefined();
  });

  test('keeps names, and a row of software vetoes or names them in every command', async () => {
    await lab.run([
      'sh',
      '-c',
      'for n in psm_0badcafe psm_12345678 keep.1; do echo x >/dev/shm/$n; done; touch -d "2 hours ago" /dev/shm/*',
    ]);
    write(
      `[never]\nnames = ["keep.*"]\n[[software]]\nname = "Books"\npath = '^psm_0[0-9a-f]{7}$'\nleftover = "never"\n`,
    );
    const { stdout } = await shmtop('ls', '--json');
    const states = new Map(
      JSON.parse(stdout).objects.map(
        (object: { name: string; verdict: { state: string }; software?: { name: string } }) => [
          object.name,
          `${object.verdict.state} ${object.software?.name}`,
        ],
      ),
    );
    expect(states.get('/psm_0badcafe')).toBe('unheld Books');
    expect(states.get('/keep.1')).toBe('unheld undefined');
    expect((await shmtop('show', 'posix:/psm_0badcafe')).stdout).toContain('Books keeps such objects on purpose');
    await shmtop('rm', '--abandoned', '--orphaned', '--unheld', '--yes', '--min-age', '0');
    expect((await lab.run(['ls', '/dev/shm'])).stdout).toBe('keep.1\npsm_0badcafe\n');
    await lab.run(['sh', '-c', 'rm /dev/shm/*']);
  });

  test.each([
    ['[never]\nnames = [7]\n', 'names has an entry that is none'],
    ['[never\n', 'line 1'],
    ['[nevr]\nusers = ["x"]\n', '"nevr" is not known'],
  ])('that is broken (%j) stops bulk removal, and one object is removed by force alone', async (text, why) => {
    const { kept, other } = await leaks();
    write(text);
    const bulk = await shmtop('rm', '--abandoned', '--yes', '--min-age', '0');
    expect(bulk.code).toBe(1);
    expect(bulk.stderr).toContain('nothing is removed in bulk, since nobody knows what is to be kept');
    expect(bulk.stderr).toContain(why);
    const named = await shmtop('rm', '--yes', '--min-age', '0', `sysv:${other.shmid}`);
    expect(named.code).toBe(1);
    expect(named.stderr).toContain('was left, since nobody knows what is to be kept');
    expect(await find(other.shmid)).toBeDefined();
    expect((await shmtop('rm', '--yes', '--force', `sysv:${other.shmid}`, `sysv:${kept.shmid}`)).code).toBe(0);
    expect((await shmtop('ls')).stderr).toContain(why);
  });

  test('of somebody else is not believed by root, who then removes nothing in bulk', async () => {
    const { kept, other } = await leaks();
    write('');
    await lab.run(['chown', `${NOBODY}`, join(folder, 'shmtop/config.toml')]);
    const bulk = await shmtop('rm', '--abandoned', '--yes', '--min-age', '0');
    expect(bulk.code).toBe(1);
    expect(bulk.stderr).toContain(`belongs to user ${NOBODY}`);
    expect(await find(other.shmid)).toBeDefined();
    write('');
    rmSync(join(folder, 'shmtop/config.toml'));
    expect((await shmtop('rm', '--yes', `sysv:${other.shmid}`, `sysv:${kept.shmid}`)).code).toBe(0);
  });
});
