// PURE: on which processor each worker is to run: its own with --pin, one of its node with --node, else any.
import type { LoadPlan } from './plan.ts';

/** Worker 2n is producer n, worker 2n + 1 consumer n; undefined: where it likes. `allowed`: processors that may be used at all. */
export function placeWorkers(
  { pin, nodeCpus }: Pick<LoadPlan, 'pin' | 'nodeCpus'>,
  allowed: readonly number[],
): (worker: number) => number | undefined {
  if (nodeCpus) {
    const sides = nodeCpus.map((cpus) => cpus.filter((cpu) => allowed.includes(cpu)));
    // Both sides of a pair on one node: beside each other, and never one upon the other.
    const isOneNode = sides[0].join() === sides[1].join();
    return (worker) => {
      const cpus = sides[worker % 2];
      return cpus.length > 0 ? cpus[(isOneNode ? worker : worker >> 1) % cpus.length] : undefined;
    };
  }
  return (worker) => (pin && allowed.length > 1 ? allowed[worker % allowed.length] : undefined);
}
