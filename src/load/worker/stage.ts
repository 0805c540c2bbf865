// The stage of the tour: a process that makes, attaches, forks, detaches, removes and leaks objects as its parent asks it to, and takes
// all of it back when its standard input ends, which it does with the parent. Where it may, it has an IPC namespace and a /dev/shm of its
// own; then the kernel takes it back, whoever is killed.
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readlinkSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { errorCode } from '../../fault/thrown.ts';
import { errnoName } from '../../native/errno.ts';
import { forkHolder, reap } from '../../native/fork.ts';
import { newIpcNamespace } from '../../native/ipc-namespace.ts';
import { IPC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { newDevShm } from '../../native/own-shm.ts';
import { ftruncate, MAP_SHARED, mmap, munmap, PROT_READ, PROT_WRITE } from '../../native/posix-shm.ts';
import { setParentDeathSignal } from '../../native/prctl.ts';
import { removeSegment, shmat, shmdt, shmget } from '../../native/sysv.ts';
import { viewMemory } from '../../native/view.ts';
import { fileId, sysvId } from '../../probe/model/identity.ts';
import { nodeIo } from '../../probe/source/io-node.ts';
import { mqName } from '../keep/mq-name.ts';
import { STAGE_ACTS, type StageAct, type StageNews } from '../model/tour.ts';
import { ownKey } from '../segment.ts';
import { workerEnvironment, workerProgram } from '../worker-program.ts';

const SEGMENT_BYTES = 1024 ** 2;
const FILE_BYTES = 65_536;
const DEV_SHM = '/dev/shm';
const LONGEST = 64;
/** A pipe whose other end the parent alone has: the end of all that holds on to it. */
const LIFE_FD = 3;

/** Plays what is asked for, line by line, until standard input ends. Never returns. */
export function playStage(libc: Libc): never {
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => {});
  process.title = 'shmtop-tour';
  newIpcNamespace(libc);
  newDevShm(libc);
  const stage = new Stage(libc);
  try {
    for (let line = readLine(); line !== undefined; line = readLine()) {
      const act = STAGE_ACTS.find((each) => each === line);
      if (act) writeSync(1, `${JSON.stringify(stage.play(act))}\n`);
    }
  } finally {
    stage.clear();
  }
  process.exit(0);
}

/** The one who leaks: makes a segment with that key, and ends. Not without the stage, which takes it back. */
export function leakAndEnd(libc: Libc, [key, stagePid]: readonly string[]): never {
  process.title = 'shmtop-leaker';
  setParentDeathSignal(libc, osConstants.signals.SIGKILL);
  if (process.ppid !== Number(stagePid)) process.exit(0);
  shmget(libc, Number(key), FILE_BYTES, IPC.CREAT | IPC.EXCL | 0o600);
  process.exit(0);
}

class Stage {
  readonly #libc: Libc;
  readonly #namespace = readlinkSync('/proc/thread-self/ns/ipc').replace(/\D/g, '');
  #shmid: number | undefined;
  #address = -1;
  #child = 0;
  #name: string | undefined;
  #mapped = -1;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  play(act: StageAct): StageNews {
    const ids = this[act]();
    return typeof ids === 'number' ? { ids: [], refusal: `${act}: ${errnoName(ids)}` } : { ids };
  }

  /** Takes back whatever there is. */
  clear(): void {
    const libc = this.#libc;
    if (this.#shmid !== undefined) removeSegment(libc, this.#shmid);
    this.#shmid = undefined;
    if (this.#address >= 0) shmdt(libc, this.#address);
    this.#address = -1;
    this.#endChild();
    if (this.#name !== undefined) unlinkSync(this.#name);
    this.#name = undefined;
    if (this.#mapped >= 0) munmap(libc, this.#mapped, FILE_BYTES);
    this.#mapped = -1;
  }

  make(): string[] | number {
    this.clear();
    const shmid = shmget(this.#libc, ownKey(), SEGMENT_BYTES, IPC.CREAT | IPC.EXCL | 0o600);
    if (shmid < 0) return shmid;
    this.#shmid = shmid;
    return this.#segment(shmid);
  }

  attach(): string[] | number {
    if (this.#shmid === undefined) return [];
    const address = shmat(this.#libc, this.#shmid, 0);
    if (address < 0) return address;
    this.#address = address;
    new Uint8Array(viewMemory(this.#libc, address, SEGMENT_BYTES)).fill(1);
    return this.#segment(this.#shmid);
  }

  fork(): string[] | number {
    if (this.#shmid === undefined) return [];
    const child = forkHolder(this.#libc, LIFE_FD);
    if (child < 0) return child;
    this.#child = child;
    return this.#segment(this.#shmid);
  }

  detach(): string[] {
    if (this.#shmid === undefined) return [];
    if (this.#address >= 0) shmdt(this.#libc, this.#address);
    this.#address = -1;
    return this.#segment(this.#shmid);
  }

  dest(): string[] {
    if (this.#shmid === undefined) return [];
    const shmid = this.#shmid;
    removeSegment(this.#libc, shmid);
    // The child holds it on: from now on it goes with him.
    this.#shmid = undefined;
    return this.#segment(shmid);
  }

  unlink(): string[] | number {
    this.clear();
    const name = `${DEV_SHM}/${mqName(process.pid, 0)}`;
    const fd = openSync(name, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
    this.#name = name;
    try {
      const sized = ftruncate(this.#libc, fd, FILE_BYTES);
      if (sized < 0) return sized;
      const address = mmap(this.#libc, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
      if (address < 0) return address;
      this.#mapped = address;
      new Uint8Array(viewMemory(this.#libc, address, FILE_BYTES)).fill(1);
      const stat = nodeIo().stat(`/proc/self/fd/${fd}`, 'follow');
      return typeof stat === 'number' ? stat : [fileId('unlinked', stat.device, stat.inode)];
    } finally {
      closeSync(fd);
      unlinkSync(name);
      this.#name = undefined;
    }
  }

  leak(): string[] | number {
    this.clear();
    const key = ownKey();
    spawnSync(process.execPath, [...workerProgram(), 'leaker', String(key), String(process.pid)], {
      env: workerEnvironment(),
    });
    const shmid = shmget(this.#libc, key, 0, 0);
    if (shmid < 0) return shmid;
    this.#shmid = shmid;
    return this.#segment(shmid);
  }

  #segment(shmid: number): string[] {
    return [sysvId(this.#namespace, shmid)];
  }

  #endChild(): void {
    if (this.#child <= 0) return;
    process.kill(this.#child, 'SIGKILL');
    reap(this.#libc, this.#child);
    this.#child = 0;
  }
}

/** Without its end; undefined when there is no more. */
function readLine(): string | undefined {
  const byte = Buffer.alloc(1);
  let line = '';
  while (line.length < LONGEST) {
    try {
      if (readSync(0, byte, 0, 1, null) === 0) return undefined;
    } catch (cause) {
      if (errorCode(cause) === 'EINTR' || errorCode(cause) === 'EAGAIN') continue;
      return undefined;
    }
    if (byte[0] === 0x0a) return line;
    line += byte.toString('latin1');
  }
  return line;
}
