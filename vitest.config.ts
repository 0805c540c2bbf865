import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Two cores are all there is. What only computes runs two files at a time; so does what mostly waits, each in namespaces of its own.
 * One after the other run those that measure time or memory, keep both cores busy, or make real objects in the machine's own namespaces:
 * two of them at once would find each other. A new file belongs where its folder does; whatever is named nowhere only computes.
 */
const ALONE = [
  'test/attack/{all,scale}.test.ts',
  'test/kernel/watch-*.test.ts',
  'test/{load,native}/**/*.test.ts',
  'test/cli/{json,load,ls,start}.test.ts',
  'test/library/**/*.test.ts',
  'test/probe/{live,steady}.test.ts',
  'test/probe/{source,territory}/**/*.test.ts',
  'test/remove/races.test.ts',
  'test/terminal/{ends,throughput}.test.ts',
  'test/ui/removal-screens.test.ts',
];
/** Namespaces of their own, and waiting for most of their time. */
const PLACES = ['test/{attack,kernel,package,terminal}/**/*.test.ts', 'test/remove/rm.test.ts'];

/** Longest first, so that no worker is left with one of them while the other has nothing to do. */
const LONG = [
  'load/run',
  'remove/races',
  'attack/scale',
  'terminal/removal',
  'terminal/removal-ends',
  'attack/silent',
  'attack/surroundings',
  'terminal/events',
  'attack/mounts',
  'terminal/dashboard',
  'fuzz/input',
  'fuzz/regular-expressions',
  'ui/format/width',
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
): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include: [...include], exclude: [...exclude], maxWorkers, sequence: { groupOrder: order } },
});

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['default'],
    sequence: { sequencer: LongFirst },
    projects: [
      group('pure', 1, 2, ['test/**/*.test.{ts,tsx}'], [...ALONE, ...PLACES]),
      group('places', 2, 2, PLACES, ALONE),
      group('alone', 3, 1, ALONE, []),
    ],
  },
});
