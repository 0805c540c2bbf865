// What could not be seen, on the screen: as much of it as there is room for, never cut in the middle, and all of it in the help.
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../src/probe/model/gap.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { drawHelp } from '../../../src/ui/draw/help.ts';
import { drawObjectDetail } from '../../../src/ui/draw/object-detail.ts';
import { drawObjectTable } from '../../../src/ui/draw/object-table.ts';
import { kitOf } from '../../../src/ui/draw/pen.ts';
import { formatHolders, spellHolders } from '../../../src/ui/format/holder-text.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { processPosition } from '../../../src/ui/state/process-rows.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import type { State } from '../../../src/ui/state/state.ts';
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

  test('nothing is called nobody, none or clean where it was not seen', () => {
    const unknown = named('cache', {
      holders: [],
      verdict: { state: 'unknown', evidence: [{ code: 'not-inspected', count: 7 }, { code: 'lease-denied' }] },
    });
    const style = { bytes: 'iec', unicode: true, colour: false, nowSec: NOW_MS / 1000 } as const;
    expect(formatHolders(unknown, style)).toBe('?');
    expect(spellHolders(unknown)).toMatch(/^nobody that can be seen: not everybody/);
    // A verdict of other reasons does not make it known.
    const young = { ...unknown, verdict: { ...unknown.verdict, state: 'unheld' as const } };
    expect(formatHolders(young, style)).toBe('?');
    expect(spellHolders(young)).not.toBe('nobody');
    // The kernel's own count is true whoever asks.
    expect(spellHolders(segment(1))).toBe('nobody');

    const missed = { processes: 8, inspected: 1, complete: false, gaps: [{ ...REFUSED, count: 7 }] };
    const seenBy = (objects: Parameters<typeof tick>[0], visibility: Partial<ReturnType<typeof head>['visibility']>) =>
      reduce(stateWith([], { columns: 100 }), {
        type: 'tick',
        tick: tick(objects, {
          isFresh: true,
          head: head({ visibility: { processes: 8, inspected: 8, complete: true, gaps: [], ...visibility } }),
        }),
      });
    expect(plain(drawHeader(seenBy([named('a')], {})))).toContain('✓ nothing abandoned');
    expect(plain(drawHeader(seenBy([named('a')], missed)))).toContain('? nothing proven abandoned');
    expect(plain(drawHeader(seenBy([unknown], {})))).toContain('? nothing proven abandoned');
    expect(plain(drawObjectTable(seenBy([], missed)))).toContain('not everything could be looked into');
    expect(processPosition(seenBy([named('a')], missed), 0)).toContain('1 of 1 process, 7 not looked into');
    // Whoever ended while being looked into holds nothing: the sign does not flicker on a busy machine.
    const ended: Gap = { source: 'maps', reason: 'vanished', count: 1, pids: [7] };
    const flicker = { inspected: 7, complete: false, gaps: [ended] };
    expect(plain(drawHeader(seenBy([named('a')], flicker)))).toContain('✓ nothing abandoned');
  });

  test('what the kernel would not let go is not offered, and its advice is true', () => {
    const can = { isReadOnly: false, remove: true, load: false };
    const rights = { uid: 1000, isIpcAdmin: false, isFileAdmin: false, isShmSticky: true };
    const own = named('own', { holders: [], verdict: { state: 'abandoned', evidence: [{ code: 'lease-free' }] } });
    const theirs = segment(5);
    const press = (state: State, intent: Intent) => reduce(state, { type: 'intent', intent });
    const alone = stateWith([theirs], { abilities: can, rights });
    const asked = press(alone, 'remove');
    expect(asked.removal).toMatchObject({ kind: 'dialog', question: { goes: 0 } });
    expect(asked.removal?.kind === 'dialog' && asked.removal.question.forced).toBeUndefined();
    expect(press(press(asked, 'toggle'), 'accept').removal).toBeUndefined();
    expect(press(alone, 'remove-abandoned').message?.text).toBe(
      '1 abandoned, of other users: run as their owner or as root.',
    );
    const both = press(stateWith([theirs, own], { abilities: can, rights }), 'remove-abandoned');
    expect(both.removal).toMatchObject({ question: { goes: 1, foreign: 1 } });
    const detail = plain(drawObjectDetail(kitOf(alone), alone, 90));
    expect(detail).toMatch(/If removed +It belongs to another user \(0\): run as its owner or as root\./);
    expect(detail).not.toContain('goes at once');
  });
});
