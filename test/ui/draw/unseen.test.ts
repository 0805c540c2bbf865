// What could not be seen, on the screen: as much of it as there is room for, never cut in the middle, and all of it in the help.
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../src/probe/model/gap.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { drawHelp } from '../../../src/ui/draw/help.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { head, NOW_MS, named, segment, stateWith, tick } from '../sample-objects.ts';

const DISK: Gap = {
  source: 'dev-shm',
  reason: 'unsupported',
  count: 1,
  detail:
    '/proc/4711/root/dev/shm lies on ext4, not on a tmpfs: no shared memory, so only what processes map there is shown',
};
const REFUSED: Gap = { source: 'maps', reason: 'permission', count: 9, pids: [1, 2, 3, 4, 5, 6, 7, 8, 9] };

function seenWith(columns: number, gaps: readonly Gap[], missed = 0) {
  const visibility = { processes: 212, inspected: 212 - missed, complete: false, gaps: missed > 0 ? [REFUSED] : [] };
  return reduce(stateWith([], { columns, rows: 24 }), {
    type: 'tick',
    tick: tick([], { head: head({ takenAtMs: NOW_MS + 1000, visibility, gaps: [...gaps] }) }),
  });
}
const plain = (lines: readonly string[]) => lines.join('\n').replace(/\x1b\[[\d;]*m/g, '');

describe('what could not be seen', () => {
  test('is one whole phrase in the header at every width', () => {
    for (const columns of [80, 100, 120, 200, 300]) {
      const byDisk = plain(drawHeader(seenWith(columns, [DISK])));
      expect(byDisk).toMatch(/not all was seen: \? tells what|so only what processes map there is shown\./);
      const byRights = plain(drawHeader(seenWith(columns, [DISK], 9)));
      expect(byRights).toMatch(
        /9 of 212 (not inspected|processes not inspected(: \? tells more)?|processes could not [^\n]*\(\? tells 1 more\))/,
      );
      for (const line of [...byDisk.split('\n'), ...byRights.split('\n')])
        expect(line).not.toMatch(/(lies|seen|inspected|tells).*…/);
    }
  });

  test('nor is a word cut that says how many there are of a kind', () => {
    const objects = [segment(1), segment(2), named('/a', { inode: 3 }), named('/b', { inode: 4 })];
    const counts = (columns: number) =>
      plain(drawHeader(stateWith(objects, { columns, rows: 24 })))
        .split('\n')
        .find((line) => line.includes('4 objects')) ?? '';
    for (let columns = 80; columns <= 200; columns += 3)
      expect(counts(columns)).toMatch(/in memory( +sysv 2( · posix 2)?)? *$/);
    expect(counts(200)).toContain('sysv 2 · posix 2');
  });

  test('is all told at the top of the help; where all was seen, the help says nothing of it', () => {
    const helped = reduce(seenWith(80, [DISK], 9), { type: 'intent', intent: 'help' });
    const help = plain(drawHelp(helped)).replace(/\s+/g, ' ');
    expect(help).toContain('What could not be seen here gap 1 9 of 212 processes could not be looked into');
    expect(help).toContain('gap 2 /proc/4711/root/dev/shm lies on ext4, not on a tmpfs');
    expect(plain(drawHelp(reduce(seenWith(80, []), { type: 'intent', intent: 'help' })))).not.toContain('gap 1');
  });
});
