// What a witness knows decides the verdict of real objects, from tick to tick: proven, left on purpose, awaited, unseen.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INITIAL_PID_NAMESPACE } from '../../src/probe/source/pid-book.ts';

const isPossible =
  readlinkSync('/proc/self/ns/pid') === `pid:[${INITIAL_PID_NAMESPACE}]` &&
  spawnSync('unshare', ['--ipc', '--mount', 'ipcmk', '--version']).status === 0;
const why = isPossible ? '' : ' (skipped: needs root among all processes, and ipcmk)';

describe.skipIf(!isPossible)(`a name and a segment that nobody holds${why}`, () => {
  let place: string;
  let found: Record<string, { kind: string; state: string; why: string[] }[]>;

  beforeAll(() => {
    place = mkdtempSync(join(homedir(), '.shmtop-test-verdicts-'));
    const inside = 'mount -t tmpfs -o mode=1777 shm /dev/shm && exec "$@"';
    const script = [process.execPath, join(import.meta.dirname, 'verdicts.ts'), place];
    const ran = spawnSync('unshare', ['--ipc', '--mount', 'sh', '-c', inside, 'sh', ...script], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    found = JSON.parse(ran.stdout);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const states = (title: string) => Object.fromEntries((found[title] ?? []).map(({ kind, state }) => [kind, state]));

  it.each([
    ['killed', 'abandoned'],
    ['killed, once more', 'abandoned'],
    ['left in order', 'orphaned'],
    ['its parent lives', 'unheld'],
  ])('%s: %s', (title, state) => {
    expect(states(title), JSON.stringify(found[title])).toEqual({ posix: state, sysv: state });
  });

  it.each(['no witness', 'a lost event', 'a witness that stands still', 'no witness any more'])(
    '%s: never abandoned',
    (title) => {
      expect(Object.keys(states(title))).toEqual(expect.arrayContaining(['posix', 'sysv']));
      expect(Object.values(states(title))).not.toContain('abandoned');
    },
  );

  it('names its maker and its end', () => {
    for (const { why: words } of found.killed ?? [])
      expect(words.join('\n')).toMatch(/made by python3\[\d+\], killed \(SIGKILL\)/);
  });
});
