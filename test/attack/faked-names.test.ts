// Names in /proc that an ordinary user chose: what must hold is that no segment seems to be held by him, and no file of his to be a
// segment, a memfd or anonymous memory; and that his command name does not make him another user.
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = `${ROOT}/test/attack/faked-names`;
const mayTry = process.getuid?.() === 0 && spawnSync('unshare', ['-mipf', '--mount-proc', 'true']).status === 0;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-faked-'));
  // The attacker passes through it.
  chownSync(folder, 65534, 65534);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Seen {
  readonly objects: readonly {
    readonly kind: string;
    readonly nattch?: number;
    readonly holders: readonly { readonly uid?: number; readonly comm?: string }[];
  }[];
}

test.skipIf(!mayTry)(
  'a user with a root of his own holds no segment and makes none (needs root and namespaces)',
  { timeout: 30_000 },
  () => {
    const place = join(folder, 'place');
    mkdirSync(place);
    chownSync(place, 65534, 65534);
    const words = ['-mipf', '--mount-proc', 'sh', `${HERE}/lab.sh`, process.execPath, `${ROOT}/dist/main.js`];
    const { stdout, stderr } = spawnSync('unshare', [...words, `${HERE}/attacker.py`, place], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    const [said = '', , ...rest] = stdout.split('\n');
    expect([said, stderr]).toEqual(['12', expect.not.stringContaining('Error')]);
    const { objects }: Seen = JSON.parse(rest.join('\n'));
    const segments = objects.filter(({ kind }) => kind === 'sysv');
    expect(segments).toHaveLength(16);
    for (const segment of segments) expect(segment).toMatchObject({ nattch: 0, holders: [] });
    const his = objects.filter(({ holders }) => holders.some(({ comm }) => comm?.includes('Uid')));
    expect(his.length).toBeGreaterThanOrEqual(14);
    for (const { kind, holders } of his) expect([kind, holders[0]?.uid]).toEqual(['file', 65534]);
  },
);
