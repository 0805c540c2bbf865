// What a live source saw, before it is merged with what others saw. Times are milliseconds since the epoch.
import type { ByteString } from '../bytes.ts';
import type { DeviceNumber } from '../join/mapping-record.ts';
import type { SysvRow } from '../join/sysv-row.ts';
import type { Kind } from '../object.ts';
import type { EventSource } from './event.ts';

interface Base {
  readonly atMs: number;
  readonly source: EventSource;
}

/** A range of an object became mapped: a new attach, or a piece of one that mprotect(2) split off. */
export interface MapSeen extends Base {
  readonly kind: 'map';
  readonly pid: number;
  readonly start: number;
  readonly end: number;
  readonly prot: number;
  readonly device: DeviceNumber;
  readonly inode: number;
  readonly name: ByteString;
}

/** shmat(2) of a segment of the caller's namespace succeeded. */
export interface AttachSeen extends Base {
  readonly kind: 'attach';
  readonly pid: number;
  readonly shmid: number;
  readonly start: number;
}

/** shmget(2) of the caller gave this id: it may have made the segment, or found it. */
export interface GetSeen extends Base {
  readonly kind: 'get';
  readonly pid: number;
  readonly shmid: number;
}

/** shmdt(2) of the attach that starts at `start` succeeded. */
export interface UnmapSeen extends Base {
  readonly kind: 'unmap';
  readonly pid: number;
  readonly start: number;
}

/** Somebody let go of an object of the kernel's own tmpfs (segment, memfd, anonymous); merged ones come as one. */
export interface CloseSeen extends Base {
  readonly kind: 'close';
  readonly pid: number;
  readonly inode: number;
}

export interface ForkSeen extends Base {
  readonly kind: 'fork';
  readonly pid: number;
  readonly parent: number;
}

export interface ExecSeen extends Base {
  readonly kind: 'exec';
  readonly pid: number;
  /** Absent where the source does not carry it. */
  readonly comm?: ByteString;
}

/** A thread ended; the process with it when no other thread is left. */
export interface ExitSeen extends Base {
  readonly kind: 'exit';
  readonly pid: number;
  readonly tid: number;
  /** How it ended, as wait(2) tells it; absent where the source does not carry it. */
  readonly status?: number;
}

/** A segment of our IPC namespace is, or is no longer, in the table. */
export interface RowSeen extends Base {
  readonly kind: 'row';
  readonly shmid: number;
  /** Absent: gone. */
  readonly row?: SysvRow;
}

/** IPC_RMID was called on a segment of the caller's namespace. */
export interface MarkSeen extends Base {
  readonly kind: 'mark';
  readonly pid: number;
  readonly shmid: number;
}

/** Something happened to a name or a file on a mount of POSIX objects. */
export interface FileSeen extends Base {
  readonly kind: 'file';
  /** `renamed`: `name` is the new one. `unlinked`: the name went. `gone`: the object went. `modified`: perhaps its size. */
  readonly what: 'created' | 'opened' | 'closed' | 'modified' | 'unlinked' | 'gone' | 'renamed';
  readonly device: DeviceNumber;
  readonly inode: number;
  readonly pid?: number;
  /** Raw, with a leading slash, below the mount; absent where the event has none. */
  readonly name?: ByteString;
  readonly sizeBytes?: number;
}

export interface LostSeen extends Base {
  readonly kind: 'lost';
  readonly count: number;
  /** What was lost and why, in our words. */
  readonly detail: string;
}

export type Observation =
  | MapSeen
  | AttachSeen
  | GetSeen
  | UnmapSeen
  | CloseSeen
  | ForkSeen
  | ExecSeen
  | ExitSeen
  | RowSeen
  | MarkSeen
  | FileSeen
  | LostSeen;

/** What the merging may look up while it handles a observation: small reads of the present state of the machine. */
export interface Surroundings {
  /** The row of a segment of our IPC namespace as it is now; undefined when there is none of this id. */
  readonly segment: (shmid: number) => SysvRow | undefined;
  /** Inode of the IPC namespace of a process, as decimal text; undefined when it is gone or refuses. */
  readonly ipcNamespace: (pid: number) => string | undefined;
  readonly comm: (pid: number) => ByteString | undefined;
  /** Ranges of the object that a process maps now; undefined when that cannot be read, empty when it is gone. */
  readonly ranges: (pid: number, object: MappedObject) => readonly Range[] | undefined;
  /** Do two processes share one address space (vfork)? Undefined when one is gone or it cannot be asked. */
  readonly sharesMemory: (pid: number, other: number) => boolean | undefined;
  /** Is any thread of it left (a zombie has none)? */
  readonly isAlive: (pid: number) => boolean;
  /** Does a process live on after the end of this thread of it was told? The thread itself may still be seen for a moment. */
  readonly livesOn: (pid: number, tid: number) => boolean;
}

/** Device and inode do not tell a segment from a memfd or anonymous memory; the kind does. */
export interface MappedObject {
  readonly kind: Kind;
  readonly device: DeviceNumber;
  readonly inode: number;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}
