// Signals that reach root's shmtop: none opens a debugger, none leaves the terminal in disorder, and each ends the program in the way
// that shells and service managers expect.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { sleep, VirtualTerminal } from '../support/terminal.ts';
import { MAIN } from './scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'shmtop-signals-'));
const children: ChildProcess[] = [];
const terminals: VirtualTerminal[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const terminal of terminals.splice(0)) terminal.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(words: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnv() });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += String(text);
  });
  child.stderr.on('data', (text) => {
    stderr += String(text);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = async (what: string) => {
    for (let at = 0; at < 2500 && !stderr.includes(what); at++) await sleep(20);
    expect(stderr).toContain(what);
  };
  const hasSaid = (what: string) => stderr.includes(what);
  return { child, ended, said, hasSaid, pid: child.pid ?? 0 };
}

function plainEnv() {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, XDG_STATE_HOME: folder, SHMTOP_NO_WITNESS: '1' };
}

async function dashboard(): Promise<VirtualTerminal> {
  const script = `echo PREVIOUS SCREEN; "$0" "$1"; echo "exit $?"; stty -a | grep -o -e '-*icanon'; exec cat`;
  const terminal = new VirtualTerminal('sh', ['-c', script, process.execPath, MAIN], {
    env: { XDG_STATE_HOME: folder, NODE_OPTIONS: undefined },
  });
  terminals.push(terminal);
  await terminal.until('VERDICT', 15_000);
  await terminal.until((screen) => !screen.includes('Reading'));
  return terminal;
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);

const commOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'latin1');

/** True when the process has a TCP socket that listens (tcp(7): state 0A in /proc/net/tcp). */
function listens(pid: number): boolean {
  const rows = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const listening = new Set(rows.filter((row) => row[3] === '0A').map((row) => `socket:[${row[9]}]`));
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return listening.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      return false; // ENOENT: closed meanwhile
    }
  });
}

describe('SIGUSR1', () => {
  it('would be noticed: a bare Node listens after it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: 'ignore', env: plainEnv() });
    children.push(child);
    await sleep(700);
    child.kill('SIGUSR1');
    for (let at = 0; at < 100 && !listens(child.pid ?? 0); at++) await sleep(20);
    expect(listens(child.pid ?? 0)).toBe(true);
  });

  it('opens no debugger in the dashboard, and scribbles nothing on the screen', async () => {
    const terminal = await dashboard();
    const [pid = 0] = childrenOf(terminal.pid);
    for (let at = 0; at < 3; at++) process.kill(pid, 'SIGUSR1');
    await sleep(500);
    expect(listens(pid)).toBe(false);
    expect(terminal.raw).not.toContain('Debugger');
    terminal.type('q');
    expect(await terminal.until(/icanon/)).toContain('exit 0');
  });

  it('opens none in a watch, nor in the processes of a load', async () => {
    const watch = start(['watch']);
    await watch.said('watching by');
    watch.child.kill('SIGUSR1');
    const load = start(['load', '--duration', '20s', '--no-latency', '--json']);
    // A worker takes its name after it has taken its signals.
    const named = () => childrenOf(load.pid).filter((pid) => commOf(pid).startsWith('shmtop-'));
    for (let at = 0; at < 2500 && named().length < 2; at++) await sleep(20);
    const workers = named();
    expect(workers).toHaveLength(2);
    for (const pid of [load.pid, ...workers]) process.kill(pid, 'SIGUSR1');
    await sleep(300);
    expect([watch.pid, load.pid, ...workers].filter(listens)).toEqual([]);
    load.child.kill('SIGINT'); // and it ends as ever
    const { code, stderr } = await load.ended;
    expect([code, stderr.includes('Debugger')]).toEqual([130, false]);
    watch.child.kill('SIGINT');
    expect((await watch.ended).stderr).not.toContain('Debugger');
  });

  it.each([0, 30, 70])('leaves none open when it comes %d ms after the start', async (ms) => {
    const watch = start(['watch']);
    await sleep(ms);
    watch.child.kill('SIGUSR1');
    for (let at = 0; at < 2500 && watch.child.signalCode === null && !watch.hasSaid('watching by'); at++)
      await sleep(20);
    await sleep(300);
    // So early that Node had not yet taken the signal: then it is what kills a process.
    if (watch.child.signalCode === null) expect(listens(watch.pid)).toBe(false);
  });
});

describe('the dashboard gives the terminal back and dies of', () => {
  it.each([
    ['SIGQUIT', 131],
    ['SIGABRT', 134],
    ['SIGUSR2', 140],
    ['SIGXCPU', 152],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s', async (signal, code) => {
    const terminal = await dashboard();
    process.kill(childrenOf(terminal.pid)[0] ?? 0, signal);
    const screen = await terminal.until(/icanon/);
    expect(screen).toContain('PREVIOUS SCREEN');
    expect(screen).toContain(`exit ${code}`);
    expect(screen).not.toContain('-icanon');
    expect(terminal.isAlternate).toBe(false);
    expect(terminal.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?25l'));
  });
});

describe('long commands end in good order, and', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'watch dies of %s, which a service manager counts as success',
    async (signal) => {
      const watch = start(['watch', '--record', join(folder, signal)]);
      await watch.said('watching by');
      await sleep(100);
      watch.child.kill(signal);
      expect(await watch.ended).toMatchObject({ code: null, signal });
      expect(spawnSync(process.execPath, [MAIN, 'replay', join(folder, signal)]).status).toBe(0);
    },
  );

  it('watch ends with 130 at SIGINT', async () => {
    const watch = start(['watch']);
    await watch.said('watching by');
    await sleep(100);
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 130, signal: null });
  });

  it('load dies of SIGTERM after its workers, and ends with 130 at SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const load = start(['load', '--duration', '20s', '--no-latency']);
      for (let at = 0; at < 1500 && childrenOf(load.pid).length < 2; at++) await sleep(20);
      const workers = childrenOf(load.pid);
      load.child.kill(signal);
      expect(await load.ended).toMatchObject(signal === 'SIGINT' ? { code: 130 } : { code: null, signal });
      expect(workers.filter((pid) => spawnSync('kill', ['-0', String(pid)]).status === 0)).toEqual([]);
    }
  });
});

describe('the end waits for nobody:', () => {
  // Standard error on a descriptor that cannot be synced (O_PATH: EBADF), as a network file system that is gone or a full one.
  const script = `import os, sys
fd = os.open(sys.argv[1], 0o10000000)
os.dup2(fd, 2)
os.execv(sys.argv[2], sys.argv[2:])`;

  it.each([{ words: ['ls'] }, { words: ['show', 'sysv:999999'] }])(
    '$words ends where standard error cannot be synced',
    ({ words }) => {
      const { signal } = spawnSync('python3', ['-c', script, '/', process.execPath, MAIN, ...words], {
        env: plainEnv(),
        timeout: 10_000,
        killSignal: 'SIGKILL',
      });
      expect(signal).toBe(null);
    },
  );

  it('standard output, standard error or both may be closed, and the exit code is the same', () => {
    for (const closed of ['>&-', '2>&-', '>&- 2>&-']) {
      const run = spawnSync('sh', ['-c', `"$0" "$1" ls ${closed}`, process.execPath, MAIN], {
        env: plainEnv(),
        timeout: 10_000,
        killSignal: 'SIGKILL',
      });
      expect([closed, run.status, run.signal]).toEqual([closed, 0, null]);
    }
  });
});
