// A full disk and a read-only one: what was kept stays, what was not is said, and it goes on when there is room again.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0;

it.skipIf(!mounts)(
  `a disk that is full or read-only loses nothing${mounts ? '' : ' (skipped: mount namespaces need root)'}`,
  () => {
    const above = mkdtempSync(join(homedir(), '.shmtop-test-full-'));
    try {
      const small = 'mount -t tmpfs -o size=1500k,mode=700 small "$1" && exec "$2" "$3" "$1"';
      const script = join(import.meta.dirname, 'full-disk.ts');
      const ran = spawnSync('unshare', ['--mount', 'sh', '-c', small, 'sh', above, process.execPath, script], {
        encoding: 'utf8',
      });
      expect(ran.stderr).toBe('');
      const found = JSON.parse(ran.stdout);
      expect(found.first).toBeUndefined();
      expect(found.full).toMatch(/witness\.db: .*(full|disk I\/O)/);
      expect(found.stillFull).toMatch(/witness\.db: /);
      expect(found).toMatchObject({
        isBeatKept: true,
        seenWhileFull: found.kept,
        loadedWhileFull: found.kept,
        seenAfterwards: found.kept + 100,
        beatAfterwards: true,
        otherFull: expect.stringContaining('witness'),
        survived: found.kept + 100,
        readOnly: expect.stringContaining('EROFS'),
      });
      expect(found.again).toBeUndefined();
    } finally {
      rmSync(above, { recursive: true, force: true });
    }
  },
);
