// What every race runs in: it refuses to start outside a private IPC and mount namespace, and counts what went wrong.
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { Sampler } from '../../../src/probe/look/sampler.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { type ExecuteOptions, execute } from '../../../src/remove/execute.ts';
import { type Plan, plan } from '../../../src/remove/model/plan.ts';
import type { Report } from '../../../src/remove/model/report.ts';

export const JOURNAL = '/mnt/removals.jsonl';

/** Throws where objects of the machine itself could be reached. */
export function assertPrivate(): void {
  const outside = process.env.RACE_OUTSIDE_IPC;
  if (!outside || readlinkSync('/proc/self/ns/ipc') === outside) throw new Error('not in a private IPC namespace');
  const mounts = readFileSync('/proc/self/mountinfo', 'latin1');
  if (!/ \/dev\/shm [^\n]* shmtop-race /.test(mounts)) throw new Error('/dev/shm is not private');
}

/** Root sees the segments and names of other namespaces as well, and could remove them: those are not ours to race with. */
export function sample(): { objects: readonly ShmObject[]; takenAtMs: number } {
  const own = readlinkSync('/proc/self/ns/ipc').replace(/\D/g, '');
  const { objects, takenAtMs } = new Sampler({ minAgeSec: 0, rss: false }).sample();
  const isOurs = ({ kind, ipcNamespace, rawPath }: ShmObject) =>
    kind === 'sysv' ? ipcNamespace === own : rawPath?.startsWith('/dev/shm/');
  return { objects: objects.filter(isOurs), takenAtMs };
}

export function planAll(force = false, filter: (object: ShmObject) => boolean = () => true): Plan[] {
  const { objects, takenAtMs } = sample();
  return plan(objects.filter(filter), { force, isNamed: true, listedAtMs: takenAtMs });
}

export function remove(plans: readonly Plan[], options: Partial<ExecuteOptions> = {}): Report {
  return execute(plans, { by: 'test', minAgeSec: 0, journalPaths: [JOURNAL], ...options });
}

export function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Repeatable randomness (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Counts by name; `wrong` collects what must never happen, in words. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly wrong: string[] = [];

  add(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  expect(isRight: boolean, what: string): void {
    if (!isRight) this.wrong.push(what);
  }

  print(): void {
    process.stdout.write(
      `${JSON.stringify({ ...this.counts, wrong: this.wrong.length, examples: this.wrong.slice(0, 10) })}\n`,
    );
  }
}

export function clean(): void {
  rmSync(JOURNAL, { force: true });
}
