// Source: who comes into another control group than his parent's: moved there, or born into it (CLONE_INTO_CGROUP). Tracepoints that
// cost nothing while neither happens; nothing else tells of it.
import { readFileSync } from 'node:fs';
import { detachedMount } from '../../native/detached-mount.ts';
import { errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { enable, openTracepoint, setFilter, shareRing } from '../../native/perf-event.ts';
import { whyNoConnector } from '../../probe/live/proc-connector.ts';
import type { ShareRings } from '../../probe/model/event/live-session.ts';

const TRACEPOINTS: readonly { readonly name: string; readonly filter?: string }[] = [
  { name: 'cgroup/cgroup_attach_task' },
  { name: 'task/task_newtask', filter: 'clone_flags & 0x200000000' },
];
const FIRST_INT = 8;

export class GroupMoves {
  readonly #libc: Libc;
  readonly #share: ShareRings;
  readonly #use: (pid: number, atMs: number) => void;
  readonly #fds: number[] = [];
  /** By the id of a tracepoint: which of its words is the pid of who moved. */
  readonly #pidAt = new Map<number, number>();

  constructor(libc: Libc, share: ShareRings, use: (pid: number, atMs: number) => void) {
    this.#libc = libc;
    this.#share = share;
    this.#use = use;
  }

  /** Undefined, or in words why it is not there. */
  start(): string | undefined {
    // Pids in these are of the first pid namespace.
    const why = whyNoConnector();
    if (why !== undefined) return why;
    const root = detachedMount(this.#libc, 'tracefs');
    if (root < 0) return `tracefs: ${errnoName(root)}`;
    try {
      const points = TRACEPOINTS.map(({ name, filter }) => ({ name, filter, id: this.#learn(root, name) }));
      const cpus = this.#share(this.#pidAt.keys(), ({ id, ints }, atMs) => {
        const pid = ints[this.#pidAt.get(id) ?? ints.length];
        if (pid !== undefined) this.#use(pid, atMs);
      });
      for (const [cpu, ring] of cpus.entries())
        for (const { name, filter, id } of points) {
          const failed = this.#open(id, cpu, ring, filter);
          if (failed >= 0) continue;
          this.stop();
          return `${name}: ${errnoName(failed)}`;
        }
    } catch {
      return 'the kernel has no tracepoints for it (CONFIG_TRACING)'; // ENOENT
    } finally {
      close(this.#libc, root);
    }
    for (const fd of this.#fds) enable(this.#libc, fd);
    return undefined;
  }

  stop(): void {
    // The rings may be those of a watch that goes on.
    this.#share(this.#pidAt.keys(), () => {});
    for (const fd of this.#fds.splice(0)) close(this.#libc, fd);
  }

  /** Its id, and where its pid lies, which is not the same in all versions. Throws ENOENT. */
  #learn(root: number, name: string): number {
    const folder = `/proc/self/fd/${root}/events/${name}`;
    const id = Number(readFileSync(`${folder}/id`, 'latin1'));
    const offset = /\spid;\s+offset:(\d+);\s+size:4;/.exec(readFileSync(`${folder}/format`, 'latin1'))?.[1];
    if (offset === undefined) throw new Error(`${name} has no pid`);
    this.#pidAt.set(id, (Number(offset) - FIRST_INT) / 4);
    return id;
  }

  #open(id: number, cpu: number, ring: number, filter: string | undefined): number {
    const fd = openTracepoint(this.#libc, id, cpu);
    if (fd < 0) return fd;
    this.#fds.push(fd);
    const filtered = filter === undefined ? 0 : setFilter(this.#libc, fd, filter);
    return filtered < 0 ? filtered : shareRing(this.#libc, fd, ring);
  }
}
