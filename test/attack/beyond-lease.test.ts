// Ways to keep memory of a file that neither /proc nor a lease shows. Whoever uses them loses nothing when the name is removed:
// that is what makes "nobody has it open or mapped" enough to remove it by.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';

const SOURCE = fileURLToPath(new URL('beyond-lease/lend.c', import.meta.url));
const missing = labMissing() ?? containerReason();
const NO_PID = 4999999; // above the kernel's highest pid_max
const UNSUPPORTED = 77;

describe.skipIf(missing)(labTitle('memory that is kept by no descriptor and no mapping', missing), () => {
  let lab: Lab;
  let lend: string;
  beforeAll(async () => {
    lab = await openLab('machine-pids');
    lend = join(lab.scratch, 'lend');
    await lab.compile(lend, SOURCE);
  });
  afterAll(() => lab?.close());

  const nextLine = async (lines: Interface, child: ChildProcessWithoutNullStreams) => {
    const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
    return line;
  };

  test.each(['opath-in-flight', 'spliced', 'vmspliced', 'registered-buffer'])(
    '%s: the lease is free, and after the removal of the name all of it is still there',
    async (way) => {
      const name = `mono.${NO_PID}`;
      const path = `/dev/shm/${name}`;
      await lab.run(['sh', '-ec', `head -c 4096 /dev/zero | tr '\\0' k > ${path}`]);
      const child = lab.start([lend, way, path]);
      const lines = createInterface({ input: child.stdout });
      const said = await nextLine(lines, child);
      if (said === UNSUPPORTED) return; // this kernel has no such way
      expect(said).toBe('ready');
      const { objects } = await lab.ls(['--min-age', '0']);
      const object = objects.find(({ name: shown }) => shown === `/${name}`);
      expect(object).toMatchObject({ holders: [], verdict: { state: 'abandoned' } });
      expect(object?.verdict.evidence[0]?.code).toBe('lease-free');
      const removed = await lab.shmtop(['rm', '--yes', '--min-age', '0', `posix:/${name}`]);
      expect(removed).toMatchObject({ code: 0 });
      expect((await lab.run(['test', '-e', path])).code).toBe(1);
      child.stdin.write('\n');
      expect(await nextLine(lines, child)).toBe('kept 4096 of 4096');
    },
  );
});
