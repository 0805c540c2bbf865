// A process as it is told in /proc the moment somebody looks: above all its session, by which relatives are found.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeIo } from '../../src/probe/source/io-node.ts';
import { Looker } from '../../src/witness/source/looker.ts';

describe('a look at a process', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'shmtop-looker-'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const look = (pid: number, session: number) => {
    const folder = join(root, String(pid));
    mkdirSync(folder);
    const rest = Array.from({ length: 16 }, () => 0).join(' ');
    writeFileSync(join(folder, 'stat'), `${pid} (a) S) S 7 ${pid} ${session} ${rest.slice(0, -2)} 4711 0 0\n`);
    writeFileSync(join(folder, 'cgroup'), '0::/system.slice/train.service\n');
    return new Looker(nodeIo(), root).look(pid);
  };

  test.each([
    ['one of its own', 100, 100],
    ['that of a first process which began none, or of one out of sight: 0', 0, 0],
    ['none, where it is gone: -1', -1, undefined],
  ])('its session is %s', (_, session, known) => {
    const seen = look(100 + Math.abs(session) + (session < 0 ? 50 : 0), session);
    expect(seen).toMatchObject({ comm: 'a) S', parent: 7, unit: '/system.slice/train.service' });
    expect(seen?.session).toBe(known);
  });
});
