import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Two cores are all there is. `pure`: what only computes, two files at a time, all in two processes: to start one and to load the same modules
 * into it costs more than most of these files do. `places`: what waits for most of its time (dashboards, attackers, loads) in namespaces of
 * its own, five files at a time, so that the cores are busy meanwhile. `machine`: what looks at all processes of the machine and proves
 * something of them, which the deaf and the dumb among the attackers of a neighbour would forbid: four at a time, and none of those.
 * `alone`: what measures time or memory, or takes so much of the machine that others would be measured wrong. A new file belongs where its
 * folder does; whatever is named nowhere only computes.
 */
const ALONE = [
  'test/attack/{all,observers,scale}.test.ts',
  'test/kernel/account.test.ts',
  'test/load/pace.test.ts',
  'test/terminal/removal-keys.test.ts',
];
/** They prove in the machine's own pid namespace (a witness has no other), or make objects in its own namespaces. */
const MACHINE = [
  'test/kernel/{beside,namespaces,ordinary-user,pairs,posix,reach,real-programs,situations,wanted-names}.test.ts',
  'test/kernel/{many-namespaces,watch-*,witness}.test.ts',
  'test/native/**/*.test.ts',
  'test/cli/{json,ls,start}.test.ts',
  'test/library/**/*.test.ts',
  'test/probe/{live,steady}.test.ts',
  'test/probe/{source,territory}/**/*.test.ts',
  'test/ui/removal-screens.test.ts',
];
const PLACES = [
  'test/{attack,kernel,package,terminal}/**/*.test.ts',
  'test/cli/load.test.ts',
  'test/load/{exhausted,hardware,kill,leftovers,recognised,run,shared,terminated,tour}.test.ts',
  'test/remove/{never-touch,races,rm}.test.ts',
  'test/probe/thread/sampler-client.test.ts',
  'test/witness/open-store.test.ts',
];

/** Longest first, so that no worker is left with one of them while the others have nothing to do. */
const LONG = [
  'terminal/removal',
  'load/run',
  'terminal/throughput',
  'cli/load',
  'terminal/removal-ends',
  'remove/races',
  'attack/name-search',
  'terminal/dashboard',
  'attack/mounts',
  'attack/silent',
  'attack/surroundings',
  'remove/rm',
  'load/tour',
  'package/single-file',
  'terminal/ends',
  'attack/container-names',
  'load/shared',
  'load/kill',
  'kernel/beside',
  'kernel/witness',
  'kernel/watch-user',
  'kernel/situations',
  'source/ask-docker',
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
    testTimeout: 120_000,
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
      group('pure', 1, 2, ['test/**/*.test.{ts,tsx}'], [...ALONE, ...MACHINE, ...PLACES], false),
      group('places', 2, 5, PLACES, [...ALONE, ...MACHINE]),
      group('machine', 3, 4, MACHINE, []),
      group('alone', 4, 1, ALONE, []),
    ],
  },
});
