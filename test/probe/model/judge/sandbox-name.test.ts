// Names in the corners that snaps and flatpaks have in /dev/shm: what the program itself calls them, and nothing else.
import { describe, expect, it } from 'vitest';
import { nameInSandbox } from '../../../../src/probe/model/judge/sandbox-name.ts';
import { matchPosix } from '../../../../src/probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../../../../src/probe/model/judge/software-table.ts';

describe('a name in the corner of a sandbox', () => {
  it.each([
    ['snap.hotsos/psm_12345678', 'psm_12345678'],
    ['snap.hotsos_2/a/b', 'a/b'],
    ['snap.hotsos.psm_12345678', 'psm_12345678'],
    ['sem.snap.hotsos.mp-abcd_123', 'sem.mp-abcd_123'],
    ['flatpak-org.example.App-a1B2c3/sem.mp-abcd_123', 'sem.mp-abcd_123'],
    ['psm_12345678', undefined],
    ['snap.hotsos', undefined],
    ['snap./x', undefined],
    ['xsnap.hotsos/x', undefined],
    ['flatpak-x/psm_12345678', undefined],
    ['flatpak-a/b-a1B2c3/x', undefined],
  ])('%j is %j to its program', (path, own) => {
    expect(nameInSandbox(path)).toBe(own);
  });

  it('is recognised once, not through a corner inside a corner', () => {
    expect(matchPosix(SOFTWARE_TABLE, 'snap.a/snap.b/psm_12345678')?.row).toBeUndefined();
  });

  it('that a row knows as it stands stays known by it', () => {
    expect(matchPosix(SOFTWARE_TABLE, 'snap.firefox.wayland.mozilla.ipc.4711')?.row.name).toBe('Firefox');
    expect(matchPosix(SOFTWARE_TABLE, 'snap.hotsos/any.sqlite')?.row.leftover.when).toBe('never');
  });

  it('of any bytes is answered at once', () => {
    const startedMs = performance.now();
    for (const start of ['snap.', 'sem.snap.', 'flatpak-', 'flatpak-a-', 'snap.a_']) {
      for (const filler of ['a', '-', '.', '_', 'a-', '-a', '\n', '\xff', 'a1B2c3/', 'a_']) {
        nameInSandbox(start + filler.repeat(4096));
      }
    }
    expect(performance.now() - startedMs).toBeLessThan(100);
  });
});
