import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Two cores are all there is. What only computes runs two files at a time, all in two processes: to start one and to load the same modules
 * into it costs more than most of these files do. What waits for most of its time runs three files at a time: it lives in namespaces of its
 * own, or makes what no other file of the group takes for its own. One after the other run those that measure time or memory, make real
 * objects in the machine's own namespaces, where two of them would find each other, or prove something of all processes of the machine, among
 * which an attacker of a neighbour who answers nobody leaves nothing proven. A new file belongs where its folder does; whatever is named
 * nowhere only computes.
 */
const ALONE = [
  'test/attack/{all,observers,scale}.test.ts',
  'test/kernel/{account,beside,namespaces,ordinary-user,pairs,posix,reach,real-programs,situations,wanted-names}.test.ts',
  'test/kernel/{many-namespaces,watch-*,witness}.test.ts',
  'test/load/{hardware,pace}.test.ts',
  'test/native/**/*.test.ts',
  'test/cli/{json,load,ls,start}.test.ts',
  'test/library/**/*.test.ts',
  'test/probe/{live,steady}.test.ts',
  'test/probe/{source,territory}/**/*.test.ts',
  'test/terminal/removal-keys.test.ts',
  'test/ui/removal-screens.test.ts',
];
/** They wait for dashboards, attackers and workers of loads. */
const PLACES = [
  'test/{attack,kernel,package,terminal}/**/*.test.ts',
  'test/load/{exhausted,kill,leftovers,recognised,run,shared,terminated,tour}.test.ts',
  'test/remove/{races,rm}.test.ts',
];

/** Longest first, so that no worker is left with one of them while the others have nothing to do. */
const LONG = [
  'terminal/removal',
  'terminal/throughput',
  'load/run',
  'remove/races',
  'terminal/removal-ends',
  'attack/silent',
  'terminal/dashboard',
  'attack/mounts',
  'cli/load',
  'terminal/ends',
  'attack/surroundings',
  'attack/signals',
  'attack/scale',
  'fuzz/input',
  'ui/format/width',
  'ui/draw/fuzz',
  'probe/model/judge/verdict',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const group = (
  name: string,
  order: number,
  maxWorkers: number,
  include: readonly string[],
  exclude: readonly string[],
  isolate = true,
): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include: [...include], exclude: [...exclude], isolate, maxWorkers, sequence: { groupOrder: order } },
});

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['default'],
    // Files of one process: what one replaces for a test is whole again for the next.
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    // Dashboards and watches of one file would record what those of another do: only those of kernel/beside.test.ts may.
    env: { SHMTOP_NO_WITNESS: '1' },
    sequence: { sequencer: LongFirst },
    projects: [
      group('pure', 1, 2, ['test/**/*.test.{ts,tsx}'], [...ALONE, ...PLACES], false),
      group('places', 2, 3, PLACES, ALONE),
      group('alone', 3, 1, ALONE, []),
    ],
  },
});
