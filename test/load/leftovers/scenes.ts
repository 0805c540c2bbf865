// Makes leftovers and what looks like them, sweeps, and prints what is still there. In an IPC namespace of its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanLeaks, makeLeaks } from '../../../src/load/leak.ts';
import { sweepLeftovers } from '../../../src/load/leftovers.ts';
import { KEY_PREFIX } from '../../../src/load/segment.ts';
import { createSet } from '../../../src/load/sync/semop.ts';
import { IPC } from '../../../src/native/layout.ts';
import { shmat, shmget } from '../../../src/native/sysv.ts';
import { libc } from '../support.ts';

const lib = libc();
const make = (key: number) => shmget(lib, key, 4096, IPC.CREAT | IPC.EXCL | 0o600);

if (process.argv[2] === 'make') {
  // In a process that ends at once: its leftovers have a dead creator.
  const left = make((KEY_PREFIX << 16) | 1);
  const attachedLater = make((KEY_PREFIX << 16) | 2);
  const foreign = make(0x12345678);
  const set = createSet(lib, 1, 16, process.pid);
  const { ids } = makeLeaks(lib, 3);
  process.stdout.write(JSON.stringify({ left, attachedLater, foreign, set, ids }));
} else {
  const child = spawnSync(process.execPath, ['--no-warnings', fileURLToPath(import.meta.url), 'make'], {
    encoding: 'utf8',
  });
  const made = JSON.parse(child.stdout);
  const held = shmat(lib, made.attachedLater, 0) >= 0;
  const alive = make((KEY_PREFIX << 16) | 3);
  const aliveSet = createSet(lib, 1, 16, process.pid);
  const swept = sweepLeftovers(lib);
  const has = (key: number) => shmget(lib, key, 0, 0) >= 0;
  const kept = {
    left: has((KEY_PREFIX << 16) | 1),
    attached: has((KEY_PREFIX << 16) | 2),
    alive: has((KEY_PREFIX << 16) | 3),
    foreign: has(0x12345678),
  };
  const cleaned = cleanLeaks(lib).ids;
  process.stdout.write(JSON.stringify({ made, held, alive, aliveSet, swept, kept, cleaned }));
}
