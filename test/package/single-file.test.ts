// The single executable: on a machine without Node, in a file system that cannot be written, with nothing but itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { Place, placeMissing } from '../support/place.ts';
import { sleep, VirtualTerminal } from '../support/terminal.ts';
import { onPath } from './tools.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const missing = placeMissing() ?? (onPath('objcopy') ? undefined : 'no binutils');
const SCRIPT = fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url));
const OBJECT = 'posix:/psm_0badcafe';

describe.skipIf(missing !== undefined)(`the single executable${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder = '';
  let program = '';
  let root = '';
  let place: Place;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-single-'));
    const { singleFileFor } = (await import(SCRIPT)) as {
      singleFileFor: (arch: string, out: string) => Promise<{ path: string }>;
    };
    program = (await singleFileFor(process.arch, folder)).path;
    root = join(folder, 'root');
    place = await Place.open(`head -c 8192 /dev/zero > /dev/shm/psm_0badcafe; sh ${HERE}no-node.sh ${root} ${program}`);
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const entered = (words: readonly string[]) => [...place.enter, 'chroot', ...words];
  const inside = (words: readonly string[], user: readonly string[] = [], env: Record<string, string> = {}) => {
    const [command = '', ...args] = entered([...user, root, '/shmtop', ...words]);
    return spawnSync(command, args, {
      env: { PATH: process.env.PATH, SHMTOP_NO_WITNESS: '1', ...env },
      encoding: 'utf8',
      timeout: 60_000,
      maxBuffer: 1 << 26,
    });
  };
  const USER = ['--userspec=65534:65534'];

  it('knows its version, and has all that package.json says', () => {
    expect(inside(['--version']).stdout).toBe(`${packageJson.version}\n`);
    expect(statSync(program).size).toBeLessThan(125e6);
  });

  it.each([
    ['root', []],
    ['an ordinary user', USER],
  ])('without Node, in a read-only file system, as %s: it looks, with native calls', (_, user) => {
    const { stdout, stderr, status } = inside(['ls', '--json'], user);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(JSON.parse(stdout).objects.map(({ name }: { name: string }) => name)).toContain('/psm_0badcafe');
    expect(inside(['doctor'], user).stdout).toMatch(/^. native calls +koffi/m);
  });

  it('starts worker processes of itself: a load runs, and every message is checked', () => {
    const { stdout, stderr } = inside(['load', '--duration', '300ms', '--no-latency', '--json']);
    expect(stderr).toBe('');
    const { messages, torn, lost } = JSON.parse(stdout);
    expect(messages).toBeGreaterThan(1000);
    expect({ torn, lost }).toEqual({ torn: 0, lost: 0 });
  });

  it('starts threads of itself: watch sees what is made, and holds no memory file of its own', async () => {
    const [command = '', ...args] = entered([root, '/shmtop', 'watch', '--for', '4s']);
    const terminal = new VirtualTerminal(command, args, { columns: 120 });
    await sleep(2000);
    await place.run('ipcmk -M 12345 >/dev/null');
    const pids = readdirSync('/proc').filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('/shmtop\0watch\0') &&
          readlinkSync(`/proc/${pid}/root`) === root
        );
      } catch {
        return false; // ENOENT: it ended
      }
    });
    expect(pids.length).toBe(1);
    const held = readdirSync(`/proc/${pids[0]}/fd`).map((fd) => readlinkSync(`/proc/${pids[0]}/fd/${fd}`));
    expect(held.filter((name) => name.includes('memfd'))).toEqual([]);
    expect(await terminal.exited()).toBe(0);
    expect(terminal.raw).toContain('created');
  });

  it('is the dashboard on a terminal', async () => {
    const [command = '', ...args] = entered([root, '/shmtop', '--min-age', '0']);
    const terminal = new VirtualTerminal(command, args, { columns: 120, rows: 30 });
    await terminal.until(OBJECT, 20_000);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  });

  it('takes no options of Node from the environment', () => {
    const { stdout, status } = inside(['--version'], [], { NODE_OPTIONS: '--require=/etc/passwd' });
    expect({ stdout, status }).toEqual({ stdout: `${packageJson.version}\n`, status: 0 });
  });

  it('does not load what whoever started it holds under the name of its memory file: it goes on without native calls', () => {
    const script = `import os, sys
fd = os.memfd_create('shmtop-koffi', 0)
os.write(fd, b'not a library')
os.set_inheritable(fd, True)
os.execv(sys.argv[1], sys.argv[1:])`;
    const { stdout, status } = spawnSync('python3', ['-c', script, program, 'doctor'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✗ native calls/m);
  });

  it.each(['<&-', '2>&-', '<&- 2>&-'])(
    'starts with standard descriptors closed (%s), and its memory file takes none of them',
    (closed) => {
      const { stdout, status } = spawnSync('sh', ['-c', `"$0" doctor ${closed}`, program], { encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout).toMatch(/^✓ native calls/m);
    },
  );

  it('is stopped before its first instruction of JavaScript by no SIGUSR1', () => {
    const child = spawnSync(
      'sh',
      ['-c', '"$0" watch --for 1 & pid=$!; kill -USR1 $pid; wait $pid; echo "ended $?"', program],
      {
        encoding: 'utf8',
      },
    );
    // Before Node has its handlers the signal kills; never does it open a port.
    expect(child.stdout).toMatch(/ended (0|138)$/m);
    expect(child.stderr).not.toContain('Debugger');
  });

  it('is an executable without a writable segment that can be executed, and asks for no executable stack', () => {
    const { stdout } = spawnSync('readelf', ['-lW', program], { encoding: 'utf8' });
    expect(stdout).toMatch(/GNU_STACK .* RW /);
    expect(stdout).not.toMatch(/RWE/);
    expect(stdout.match(/^ {2}NOTE /gm)?.length).toBe(2);
  });
});
