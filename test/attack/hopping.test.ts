// A name and a segment that are always held, by no process for longer than a moment: pids turn over while one looks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Arena, arenaMissing, attackTitle } from './support/arena.ts';

const missing = arenaMissing();
const NAME = '/torch_4194305_1_0';

describe.skipIf(missing)(attackTitle('objects whose holder is another process at each moment', missing), () => {
  let arena: Arena;
  let shmid: string;
  beforeAll(async () => {
    arena = await Arena.open();
    const attacker = await arena.attack('hopping/hopping.c', [`/dev/shm${NAME}`]);
    shmid = await attacker.ready;
  });
  afterAll(() => arena?.close());

  test('are never abandoned, and no process is told as their holder that never was', async () => {
    const states: string[] = [];
    const comms = new Set<string>();
    for (let round = 0; round < 15; round++) {
      const { stdout, code } = await arena.shmtop(['ls', '--json', '--min-age', '0']);
      expect(code).toBe(0);
      for (const { name, shmid: id, verdict, holders } of JSON.parse(stdout).objects) {
        if (name !== NAME && String(id) !== shmid) continue;
        states.push(verdict.state);
        for (const { comm } of holders) if (comm) comms.add(comm);
      }
    }
    expect(states).toHaveLength(30);
    expect(states.filter((state) => state !== 'in-use' && state !== 'unknown')).toEqual([]);
    expect([...comms].filter((comm) => comm !== 'hopping')).toEqual([]);
  });

  test('are not removed', async () => {
    await arena.shmtop(['rm', '--abandoned', '--yes', '--min-age', '0']);
    await arena.shmtop(['rm', `posix:${NAME}`, `sysv:${shmid}`, '--yes', '--min-age', '0']);
    const { stdout } = await arena.run(['sh', '-c', `ls /dev/shm; cat /proc/sysvipc/shm | wc -l`]);
    expect(stdout.trim().split(/\s+/)).toEqual([NAME.slice(1), '2']);
  });
});
