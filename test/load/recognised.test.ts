// What runs is found in the table by the ID that the meter gives, is called by our name, and is in use by our processes.
import { describe, expect, it } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';
import { BACKINGS } from '../../src/load/model/options.ts';
import { Sampler } from '../../src/probe/look/sampler.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import { runUntil } from './support.ts';

describe('the segment of a running load', () => {
  it.each([
    ...BACKINGS.map((backing) => ({ backing, sync: 'futex' }) as const),
    // Its workers are in an IPC namespace of their own by the time that they are seen.
    { backing: 'sysv', sync: 'semop' } as const,
  ])(
    'over $backing in mode $sync is recognised in the table as ours, held by its workers',
    async ({ backing, sync }) => {
      let found: ShmObject | undefined;
      const isFound = ({ setup }: Meter) => {
        const id = setup.segmentName.split(' (')[0];
        found = new Sampler({ rss: false, minAgeSec: 0 }).sample().objects.find(({ shortId }) => shortId === id);
        return found !== undefined;
      };
      const meter = await runUntil(isFound, { backing, sync });
      expect(meter.phase).toBe('done');
      expect(found?.software).toMatchObject({ name: 'shmtop load', outlives: false });
      expect(found?.verdict.state).toBe('in-use');
      const pids = found?.holders.map(({ pid }) => pid) ?? [];
      expect(pids).toEqual(expect.arrayContaining(meter.setup.workers.map(({ pid }) => pid)));
    },
  );
});
