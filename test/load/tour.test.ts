// The tour: every scene shows what it says, and nothing of it stays, whoever is killed and whenever.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../src/load/model/problem.ts';
import { parseStageNews, SCENES, STAGE_ACTS } from '../../src/load/model/tour.ts';
import { startStage, sweepNames } from '../../src/load/tour/stage.ts';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { hasQueues, runWithShm } from './private-namespace.ts';
import { libc } from './support.ts';

describe('the stage of the tour', () => {
  it('has every object as its scene says, seen by the probe, and none of them afterwards', async () => {
    const stage = startStage(libc());
    if (isProblem(stage)) throw new Error(stage.message);
    const sample = () => new Sampler({ minAgeSec: 0 }).sample().objects;
    const ids: string[] = [];
    const seen: Record<string, unknown> = {};
    try {
      for (const act of STAGE_ACTS) {
        const news = await stage.play(act);
        expect(news.refusal).toBeUndefined();
        expect(news.ids).toHaveLength(1);
        ids.push(...news.ids);
        const object = sample().find(({ id }) => id === news.ids[0]);
        seen[act] = {
          kind: object?.kind,
          nattch: object?.nattch,
          holders: object?.holders.length,
          isDest: object?.status.includes('dest'),
          creator: object?.creator?.state,
        };
      }
    } finally {
      await stage.end();
    }
    const sysv = { kind: 'sysv', isDest: false, creator: 'alive' };
    expect(seen).toEqual({
      make: { ...sysv, nattch: 0, holders: 0 },
      attach: { ...sysv, nattch: 1, holders: 1 },
      fork: { ...sysv, nattch: 2, holders: 2 },
      detach: { ...sysv, nattch: 1, holders: 1 },
      dest: { ...sysv, nattch: 1, holders: 1, isDest: true },
      unlink: { kind: 'unlinked', nattch: undefined, holders: 1, isDest: false, creator: undefined },
      leak: { ...sysv, nattch: 0, holders: 0, creator: 'dead' },
    });
    expect(sample().filter(({ id }) => ids.includes(id))).toEqual([]);
  });

  it.skipIf(!hasQueues).each([
    ['with namespaces of its own: nothing at all', true],
    ['without: what parent and stage together could not take back is swept at the next start', false],
  ])('leaves, killed at any moment, %s', (_, isPrivileged) => {
    const ran = runWithShm('./tour/driver.ts', ['5', '40', randomUUID()], 55_000, isPrivileged);
    expect(ran.stderr).toBe('');
    const { kills, left, afterSweep } = JSON.parse(ran.stdout);
    for (const count of Object.values(kills)) expect(count).toBeGreaterThan(0);
    expect(left.processes).toBe(0);
    if (isPrivileged) expect(left).toMatchObject({ segments: 0, names: 0 });
    expect(afterSweep).toEqual({ segments: 0, names: 0 });
  });

  it('sweeps names of its own dead only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'shmtop-names-'));
    try {
      for (const name of ['shmtop-1-2-0', 'shmtop-leak-1-1', 'other']) writeFileSync(join(directory, name), '');
      expect(sweepNames(process.getuid?.() ?? 0, directory)).toBe(0);
      expect(readdirSync(directory)).toHaveLength(3);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the scenes', () => {
  it('are ten, of two lines each', () => {
    expect(SCENES).toHaveLength(10);
    for (const { title, happens, look } of SCENES) {
      expect(title.length).toBeLessThanOrEqual(60);
      for (const line of [happens, look]) expect(line.length).toBeLessThanOrEqual(140);
    }
  });

  it('are not taken from an answer that is none', () => {
    for (const line of ['', 'x', '[]', '{}', '{"ids":[1]}', '{"ids":["a"]'])
      expect(parseStageNews(line)).toBeUndefined();
    expect(parseStageNews('{"ids":["a"],"refusal":"b"}')).toEqual({ ids: ['a'], refusal: 'b' });
  });
});
