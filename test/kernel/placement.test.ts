// Where the pages of a real object are, and what two processes that map it pay for it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, type MadeFile, openLab } from '../support/lab.ts';

const missing = labMissing();

describe.skipIf(missing)(labTitle('show --placement', missing), () => {
  let lab: Lab;
  let made: MadeFile;
  beforeAll(async () => {
    lab = await openLab('own-pids');
    made = await lab.shm('shared', 'shmtop-lab-placed');
  });
  afterAll(() => lab?.close());

  test('has nodes, size of pages and share of each mapping, in words and as JSON', async () => {
    const { stdout } = await lab.shmtop(['show', '--placement', '--json', 'posix:/shmtop-lab-placed']);
    const { placement, holders } = JSON.parse(stdout);
    expect(placement[0]).toMatchObject({ pid: made.pid, start: holders[0].mappings[0].start });
    expect(placement[0].pssBytes).toBeLessThanOrEqual(16_384);
    const text = (await lab.shmtop(['show', '--placement', 'posix:/shmtop-lab-placed'])).stdout;
    expect(text).toMatch(/Placed +\d+ at 0x[0-9a-f]+: .*PSS/);
    expect((await lab.shmtop(['show', 'posix:/shmtop-lab-placed'])).stdout).not.toContain('Placed');
  });
});
