// Everything at once: all who make foreign territory large, endless or deaf are alive while root looks, and removes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleep } from '../support/terminal.ts';
import { attackWithAll, VICTIM, VICTIMS, victims } from './all/everybody.ts';
import { Arena, arenaMissing, attackTitle } from './support/arena.ts';
import type { Attacker } from './support/attacker.ts';

const missing = arenaMissing();
const MB = 1024 * 1024;

describe.skipIf(missing)(attackTitle('all attackers at once', missing), () => {
  let arena: Arena;
  let attackers: Attacker[] = [];
  beforeAll(async () => {
    // A leftover of root's own makes the program ask every process what it is called and which libraries it has.
    arena = await Arena.open(`${VICTIMS}\nhead -c 8192 /dev/zero > /dev/shm/${VICTIM}`);
    attackers = await attackWithAll(arena);
  });
  afterAll(async () => {
    await arena?.close();
    expect(attackers.filter(({ isRunning }) => isRunning)).toEqual([]);
  });
  const expectAllAlive = () => expect(attackers.map(({ isRunning }) => isRunning)).toEqual(attackers.map(() => true));

  test('ls ends in under 5 s and 300 MB, with gaps named, and lists what is root’s own', async () => {
    const { stdout, stderr, code, wallMs, peakBytes, isLate } = await arena.shmtop(['ls', '--json'], {
      deadlineMs: 10_000,
    });
    expectAllAlive();
    expect({ isLate, code, stderr }).toEqual({ isLate: false, code: 0, stderr: '' });
    expect(wallMs).toBeLessThan(5000);
    expect(peakBytes / MB).toBeLessThan(300);
    const { objects, gaps, visibility } = JSON.parse(stdout);
    expect([...gaps, ...visibility.gaps].length).toBeGreaterThan(0);
    expect(visibility.complete).toBe(false);
    const paths = objects.map(({ path }: { path?: string }) => path);
    expect(paths).toContain(`/dev/shm/${VICTIM}`);
  });

  test('rm --abandoned --yes removes nothing of theirs nor of their victims', async () => {
    const { isLate, signal } = await arena.shmtop(['rm', '--abandoned', '--yes', '--min-age', '0'], {
      deadlineMs: 20_000,
    });
    expectAllAlive();
    const { stdout } = await arena.run(['ls', ...victims(arena)]);
    expect(stdout.trim().split('\n')).toEqual(victims(arena).sort());
    expect({ isLate, signal }).toEqual({ isLate: false, signal: undefined });
  });

  test('the keys of the dashboard are answered in under 50 ms, and it ends when it is told to', async () => {
    const terminal = arena.terminal(['--min-age', '0'], { columns: 160, rows: 40 });
    await terminal.until('Objects', 5000);
    // It goes on: what is root's own is shown, and so is what comes.
    await terminal.until(VICTIM, 10_000);
    const times: number[] = [];
    for (let round = 0; round < 60; round++) {
      times.push(await latency(terminal, round % 2 === 0 ? '?' : '\x1b', round % 2 === 0));
      await sleep(40);
    }
    expectAllAlive();
    times.sort((a, b) => a - b);
    expect(times[times.length >> 1]).toBeLessThan(50);
    expect(times[Math.floor(times.length * 0.9)]).toBeLessThan(250);
    await arena.run(['sh', '-c', 'echo new > /dev/shm/made-meanwhile']);
    terminal.type('/made-mean\r');
    await terminal.until(/made-meanwhile/, 30_000); // a look that takes long is not taken often
    terminal.type('q');
    expect(await terminal.exited(5000)).toBe(0);
  });
});

/** From the key that opens or closes the help until the screen shows so, milliseconds; 2000 at most. */
async function latency(terminal: ReturnType<Arena['terminal']>, key: string, isHelp: boolean): Promise<number> {
  const startMs = performance.now();
  terminal.type(key);
  while (terminal.text().includes('Help: / finds') !== isHelp && performance.now() - startMs < 2000) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - startMs;
}
