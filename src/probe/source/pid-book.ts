// One sample's look-ups of processes by pid: each is read once, however many objects name it.

import { ENOSYS, EPERM, ESRCH } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { pidfdOpen } from '../../native/process.ts';
import type { PidAnswer } from '../model/maker.ts';
import { parseBootTime, parsePidStatus } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';
import type { Namespaces } from './namespaces.ts';
import { type ProcessFacts, readNamespace, readPidStat, readProcessFacts } from './processes.ts';

/** PROC_PID_INIT_INO (include/linux/proc_ns.h): the pid namespace in which everything is visible. */
const INITIAL_PID_NAMESPACE = '4026531836';

export interface RunningCommand {
  readonly pid: number;
  readonly comm: string;
}

export class PidBook {
  readonly #io: Io;
  readonly #procRoot: string;
  /** Absent where pids of `procRoot` are not pids of ours, so that the kernel cannot be asked about them. */
  readonly #libc: Libc | undefined;
  readonly #pids: readonly number[];
  readonly #namespaces: Namespaces;
  readonly #answers = new Map<number, PidAnswer>();
  readonly #facts = new Map<number, ProcessFacts | undefined>();
  #commands: (RunningCommand & { uid?: number; nsPids?: readonly number[] })[] | undefined;

  constructor(io: Io, procRoot: string, libc: Libc | undefined, pids: readonly number[], namespaces: Namespaces) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#libc = libc;
    this.#pids = pids;
    this.#namespaces = namespaces;
  }

  /** Who has this pid now. */
  answer(pid: number): PidAnswer {
    let answer = this.#answers.get(pid);
    if (answer === undefined) {
      answer = readPidStat(this.#io, this.#procRoot, pid) ?? this.#unseen(pid);
      this.#answers.set(pid, answer);
    }
    return answer;
  }

  /** Everything about a holder; undefined once it is gone. */
  facts(pid: number): ProcessFacts | undefined {
    if (!this.#facts.has(pid)) this.#facts.set(pid, readProcessFacts(this.#io, this.#procRoot, pid, this.#namespaces));
    return this.#facts.get(pid);
  }

  /** A running process whose command name matches, of this user or of anybody. Reads all processes on first use. */
  running(comm: RegExp, uid: number | undefined): RunningCommand | undefined {
    return this.#all().find(
      (process) => comm.test(process.comm) && (uid === undefined || (process.uid ?? uid) === uid),
    );
  }

  /** A process that has this pid in a nested pid namespace, under which a container's process would name a file. */
  withNestedPid(pid: number): RunningCommand | undefined {
    return this.#all().find(({ nsPids }) => nsPids !== undefined && nsPids.length > 1 && nsPids.includes(pid, 1));
  }

  /** Whether /proc shows every process of the machine: not in a container, and no hidepid. */
  seesAllProcesses(): boolean {
    const pidNamespace = readNamespace(this.#io, this.#procRoot, 'self', 'pid');
    return pidNamespace === INITIAL_PID_NAMESPACE && readPidStat(this.#io, this.#procRoot, 1) !== undefined;
  }

  /** Boot time by the clock as it is set now, seconds since the epoch; undefined where /proc/stat is not readable. */
  bootSec(): number | undefined {
    const text = readText(this.#io, `${this.#procRoot}/stat`);
    return typeof text === 'number' ? undefined : parseBootTime(text);
  }

  #unseen(pid: number): PidAnswer {
    if (!this.#libc) return 'none';
    const fd = pidfdOpen(this.#libc, pid);
    if (fd >= 0) {
      file.close(this.#libc, fd);
      // It exists; unless it was made this instant, /proc hides it.
      return readPidStat(this.#io, this.#procRoot, pid) ?? 'hidden';
    }
    return fd === -ESRCH || fd === -ENOSYS ? 'none' : fd === -EPERM ? 'hidden' : 'none';
  }

  #all() {
    this.#commands ??= this.#pids.flatMap((pid) => {
      const stat = readPidStat(this.#io, this.#procRoot, pid);
      if (!stat || stat.isKernelThread || (stat.state === 'Z' && stat.threads <= 1)) return [];
      const status = readText(this.#io, `${this.#procRoot}/${pid}/status`);
      return [{ pid, comm: stat.comm, ...(typeof status === 'number' ? {} : parsePidStatus(status)) }];
    });
    return this.#commands;
  }
}
