// Source: syscall tracepoints. Every shmget, shmat, shmdt and IPC_RMID with arguments and result, even pairs of microseconds.
import { readFileSync } from 'node:fs';
import { detachedMount } from '../../native/detached-mount.ts';
import { errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { enable, openTracepoint, setFilter, shareRing } from '../../native/perf-event.ts';
import type { TracepointHit } from '../parse/perf-record.ts';
import type { PerfSource } from './perf.ts';
import type { LiveSource, Sink } from './source.ts';

/** What the kernel keeps: IPC_RMID (0; 256 with the IPC_64 flag) of all the shmctl calls, of which polling makes many. */
const TRACEPOINTS = {
  sys_enter_shmat: undefined,
  sys_exit_shmat: undefined,
  sys_enter_shmdt: undefined,
  sys_exit_shmdt: undefined,
  sys_exit_shmget: undefined,
  sys_enter_shmctl: 'cmd == 0 || cmd == 256',
  sys_exit_shmctl: 'ret == 0',
} as const;
type Name = keyof typeof TRACEPOINTS;
const NAMES = [
  'sys_enter_shmat',
  'sys_exit_shmat',
  'sys_enter_shmdt',
  'sys_exit_shmdt',
  'sys_exit_shmget',
  'sys_enter_shmctl',
  'sys_exit_shmctl',
] as const satisfies readonly Name[];

export class ExactSource implements LiveSource {
  readonly name = 'exact';
  readonly #libc: Libc;
  readonly #perf: PerfSource;
  readonly #fds: number[] = [];
  readonly #names = new Map<number, Name>();
  /** What a thread is in the middle of: the first argument of its call. */
  readonly #pending = new Map<number, number>();

  constructor(libc: Libc, perf: PerfSource) {
    this.#libc = libc;
    this.#perf = perf;
  }

  describe() {
    return {
      sees: 'exact: every shmget, shmat, shmdt and IPC_RMID of 64-bit programs; costs every system call of the machine some 11 ns',
      misses: 'calls of 32-bit programs',
    };
  }

  start(_sink: Sink): string | undefined {
    const ids = this.#readIds();
    if (typeof ids === 'string') return ids;
    const cpus = this.#perf.share(ids.keys(), (hit, atMs, sink) => this.#hit(hit, atMs, sink));
    if (cpus.length === 0) return 'needs perf, which is not available';
    for (let cpu = 0; cpu < cpus.length; cpu++) {
      for (const [id, name] of ids) {
        const failed = this.#open(id, name, cpu, cpus[cpu]);
        if (failed >= 0) continue;
        this.stop();
        return `${name}: ${errnoName(failed)}`;
      }
    }
    for (const fd of this.#fds) enable(this.#libc, fd);
    return undefined;
  }

  stop(): void {
    for (const fd of this.#fds.splice(0)) close(this.#libc, fd);
  }

  #readIds(): ReadonlyMap<number, Name> | string {
    const root = detachedMount(this.#libc, 'tracefs');
    if (root < 0) return `tracefs: ${errnoName(root)}`;
    try {
      for (const name of NAMES) {
        this.#names.set(Number(readFileSync(`/proc/self/fd/${root}/events/syscalls/${name}/id`, 'latin1')), name);
      }
      return this.#names;
    } catch {
      return 'the kernel has no system call tracepoints (CONFIG_FTRACE_SYSCALLS)'; // ENOENT
    } finally {
      close(this.#libc, root);
    }
  }

  #open(id: number, name: Name, cpu: number, ring: number): number {
    const fd = openTracepoint(this.#libc, id, cpu);
    if (fd < 0) return fd;
    this.#fds.push(fd);
    const filter = TRACEPOINTS[name];
    const filtered = filter === undefined ? 0 : setFilter(this.#libc, fd, filter);
    return filtered < 0 ? filtered : shareRing(this.#libc, fd, ring);
  }

  #hit({ id, pid, tid, words }: TracepointHit, atMs: number, { see }: Sink): void {
    const [first = 0] = words;
    const source = 'tracepoint';
    switch (this.#names.get(id)) {
      case 'sys_enter_shmat':
      case 'sys_enter_shmdt':
        this.#pending.set(tid, first);
        return;
      case 'sys_enter_shmctl':
        this.#pending.set(tid, first);
        // Whoever polls the table may see the mark before the call ends. Where it is not set yet, this tells nothing.
        see({ kind: 'mark', source, atMs, pid, shmid: first });
        return;
      case 'sys_exit_shmat': {
        const shmid = this.#take(tid);
        if (shmid !== undefined && first > 0) see({ kind: 'attach', source, atMs, pid, shmid, start: first });
        return;
      }
      case 'sys_exit_shmdt': {
        const start = this.#take(tid);
        if (start !== undefined && first === 0) see({ kind: 'unmap', source, atMs, pid, start });
        return;
      }
      case 'sys_exit_shmget':
        if (first >= 0) see({ kind: 'get', source, atMs, pid, shmid: first });
        return;
      case 'sys_exit_shmctl': {
        const shmid = this.#take(tid);
        if (shmid !== undefined) see({ kind: 'mark', source, atMs, pid, shmid });
        return;
      }
      case undefined:
        return;
    }
  }

  #take(tid: number): number | undefined {
    const argument = this.#pending.get(tid);
    this.#pending.delete(tid);
    return argument;
  }
}
