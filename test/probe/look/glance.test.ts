// Before the first look is over: where there is much, rows of our own tables that claim nothing; where there is little, none.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { glance } from '../../../src/probe/look/glance.ts';
import { openMachine } from '../../../src/probe/look/machine.ts';
import { Sampler } from '../../../src/probe/look/sampler.ts';
import { unjudgedSegment } from '../../../src/probe/model/assemble/unjudged.ts';
import type { SysvRow } from '../../../src/probe/model/join/sysv-row.ts';
import { judgeRemoval } from '../../../src/remove/model/policy.ts';

describe('a glance', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(readdirSync('/dev').includes('shm') ? '/dev/shm' : tmpdir(), 'shmtop-glance-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // A tree without processes and segments: only the names decide.
  const machine = () => openMachine(join(folder, 'no-proc'), folder);

  test('shows nothing where the first look is soon over', () => {
    for (let at = 0; at < 20; at++) writeFileSync(join(folder, `few-${at}`), 'x');
    expect(glance(machine(), 0)).toBeUndefined();
  });

  test('of many names shows some, each as the sampler will know it, with no verdict, and none may be removed', () => {
    for (let at = 0; at < 2100; at++) writeFileSync(join(folder, `many-${at}`), 'x');
    const seen = glance(machine(), 5000);
    if (!seen) throw new Error('nothing shown');
    expect(seen.takenAtMs).toBe(5000);
    expect(seen.objects.length).toBeGreaterThan(0);
    expect(seen.objects.length).toBeLessThanOrEqual(1000);
    const sampler = new Sampler({ procRoot: join(folder, 'no-proc'), shmRoot: folder });
    const later = new Map(sampler.sample().objects.map((object) => [object.id, object]));
    for (const object of seen.objects) {
      expect(object.verdict).toEqual({ state: 'unknown', evidence: [{ code: 'not-judged' }] });
      expect({ ...object, verdict: undefined }).toEqual({ ...later.get(object.id), verdict: undefined });
      for (const isNamed of [true, false])
        expect(judgeRemoval(object, { force: false, isNamed })).toMatchObject({ code: 'unknown' });
    }
  });
});

test('of a segment only what the kernel counts is said', () => {
  const row: SysvRow = {
    ipcNamespace: '7',
    shmid: 0,
    key: 0,
    mode: 0o600,
    sizeBytes: 4096,
    cpid: 10,
    lpid: 0,
    nattch: 0,
    uid: 0,
    gid: 0,
    cuid: 0,
    cgid: 0,
    atimeSec: 0,
    dtimeSec: 0,
    ctimeSec: 5,
  };
  const context = { ownNamespace: '7', userName: () => 'root', groupName: () => 'root' };
  expect(unjudgedSegment(row, context)).toMatchObject({
    id: 'sysv:7:0',
    shortId: 'sysv:0',
    verdict: { state: 'unknown' },
  });
  const attached = unjudgedSegment({ ...row, nattch: 3 }, context);
  expect(attached.verdict).toEqual({ state: 'in-use', evidence: [{ code: 'attached', count: 3 }] });
  expect(attached.creator).toBeUndefined();
});
