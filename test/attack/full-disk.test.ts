// No room where the program writes: the journal, what --save keeps, and its output. Nothing is removed that could not be noted or kept.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Arena, arenaMissing, attackTitle } from './support/arena.ts';

const missing = arenaMissing();

describe.skipIf(missing)(attackTitle('a disk without room', missing), () => {
  let arena: Arena;
  let full: string;
  beforeAll(async () => {
    // The journal's other places are as full.
    arena = await Arena.open(`
mkdir $folder/full $folder/room; mount -t tmpfs -o size=4k full $folder/full; mount --bind $folder/full /var/log
mkdir $folder/full/state; head -c 100000 /dev/zero > $folder/full/filling 2>/dev/null
for n in 1 2 3; do ipcmk -p 640 -M 65536 >/dev/null; done; sleep 1.2`);
    full = `${arena.folder}/full`;
  });
  afterAll(() => arena?.close());
  const segments = async () => (await arena.run(['sh', '-c', 'tail -n +2 /proc/sysvipc/shm | wc -l'])).stdout.trim();
  const env = () => ({ HOME: full, XDG_STATE_HOME: `${full}/state` });
  const RM = ['rm', '--orphaned', '--yes', '--min-age', '0'];

  test('where the journal cannot be written nothing is removed, and it is said', async () => {
    const { code, stdout, stderr } = await arena.shmtop(RM, { env: env() });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('journal');
    expect(await segments()).toBe('3');
  });

  test('where the content cannot be kept nothing is removed, and no half of it stays', async () => {
    const { code, stderr } = await arena.shmtop([...RM, '--save', `${full}/kept`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENOSPC|could not be saved/);
    expect(await segments()).toBe('3');
    expect((await arena.run(['sh', '-c', `find ${full} -name 'sysv-*'`])).stdout).toBe('');
  });

  test('output that cannot be written ends a command with 1 and one line, and never with a stack trace', async () => {
    const { node, main } = arena.program;
    for (const words of ['ls', 'ls --json', 'ps', 'doctor', 'schema', '--help', 'rm --history', 'watch --for 1']) {
      const { code, signal, stderr } = await arena.run(['sh', '-c', `exec ${node} ${main} ${words} > /dev/full`]);
      expect({ words, code, signal, isTrace: /^\s+at /m.test(stderr) }).toEqual({
        words,
        code: words.startsWith('watch') || words === 'rm --history' ? code : 1,
        signal: undefined,
        isTrace: false,
      });
    }
  });

  test('with room all of it goes', async () => {
    const { code } = await arena.shmtop([...RM, '--save', `${arena.folder}/room/kept`]);
    expect(code).toBe(0);
    expect(await segments()).toBe('0');
  });
});
