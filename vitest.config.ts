import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Two cores are all there is. `pure`: what only computes, two files at a time, all in two processes: to start one and to load the same modules
 * into it costs more than most of these files do. What waits for most of its time runs several files at a time, so that the cores are busy
 * meanwhile, with neighbours that it can bear: `places` in namespaces of their own, out of which nobody looks; `attacks` with all who are
 * deaf, endless or greedy, and the loads; `machine` what proves something of all processes of the machine, which none of those may be.
 * `alone`: what measures time or memory, counts every opening, or is a witness, to whom a stranger who opens a name is a user of it, and who
 * loses what others do too fast. A new file belongs where its folder does; whatever is named nowhere only computes.
 */
const ALONE = [
  'test/attack/{again,all,beyond-lease,mounts,name-search,observers,silent}.test.ts',
  'test/kernel/{account,beside,many-namespaces,pairs,real-programs,situations,watch-*,witness}.test.ts',
  'test/load/pace.test.ts',
  'test/terminal/removal-keys.test.ts',
];
const MACHINE = [
  'test/kernel/{namespaces,ordinary-user,php-fpm,posix,reach,wanted-names}.test.ts',
  'test/native/**/*.test.ts',
  'test/cli/{json,ls,start}.test.ts',
  'test/library/**/*.test.ts',
  'test/probe/{live,steady}.test.ts',
  'test/probe/{source,territory}/**/*.test.ts',
  'test/ui/removal-screens.test.ts',
];
const ATTACKS = [
  'test/attack/**/*.test.ts',
  'test/cli/load.test.ts',
  'test/load/{exhausted,hardware,kill,leftovers,recognised,run,shared,terminated,tour}.test.ts',
];
const PLACES = [
  'test/{kernel,package,terminal}/**/*.test.ts',
  'test/remove/{never-touch,races,rm}.test.ts',
  'test/probe/thread/sampler-client.test.ts',
  'test/witness/open-store.test.ts',
];

/** Longest first, so that no worker is left with one of them while the others have nothing to do. */
const LONG = [
  'kernel/beside',
  'kernel/witness',
  'terminal/throughput',
  'remove/races',
  'terminal/removal-ends',
  'terminal/dashboard',
  'terminal/removal',
  'remove/rm',
  'package/single-file',
  'terminal/ends',
  'kernel/situations',
  'load/run',
  'attack/scale',
  'cli/load',
  'attack/name-search',
  'attack/mounts',
  'attack/silent',
  'attack/surroundings',
  'attack/container-names',
  'load/tour',
  'load/shared',
  'load/kill',
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
      group('pure', 1, 2, ['test/**/*.test.{ts,tsx}'], [...ALONE, ...ATTACKS, ...MACHINE, ...PLACES], false),
      group('places', 2, 4, PLACES, [...ALONE, ...MACHINE]),
      group('attacks', 3, 4, ATTACKS, ALONE),
      group('machine', 4, 2, MACHINE, []),
      group('alone', 5, 1, ALONE, []),
    ],
  },
});
