// What the recorder is told, beside what a live watch sees: ends with how, what a process was, which object a file is.
import type { ByteString } from '../../probe/model/bytes.ts';
import type { SysvRow } from '../../probe/model/join/sysv-row.ts';
import type { Container } from '../../probe/model/object.ts';

/** A process has ended, with all its threads. */
export interface Ended {
  readonly pid: number;
  readonly atMs: number;
  /** As wait(2) tells it; absent where it is not known. */
  readonly status?: number;
  readonly isOom?: boolean;
  readonly uid?: number;
  readonly comm?: ByteString;
  readonly parent?: number;
}

/** A process as it was when it was looked at, alive. */
export interface Look {
  readonly startTicks: number;
  readonly comm: ByteString;
  readonly parent: number;
  readonly uid?: number;
  readonly unit?: ByteString;
  readonly container?: Container;
  readonly session?: number;
  /** Its session is its own and has a terminal. */
  readonly leadsTerminal?: boolean;
  readonly isZombie?: boolean;
  /** Its control group could be read, whatever it is. */
  readonly hasGroup?: boolean;
}

/** Which object a name on a tmpfs stands for; `birthNs` absent: it was gone before it could be looked at. */
export interface FileFacts {
  /** `major:minor`. */
  readonly device: string;
  readonly inode: number;
  /** Nanoseconds since the epoch (statx stx_btime), decimal text. */
  readonly birthNs?: string;
  /** Absent: not after its file system was watched, or at a time that is still to come (the clock was set). */
  readonly bornMs?: number;
  readonly links?: number;
  readonly uid?: number;
  readonly sizeBytes?: number;
}

export type FileDeed = 'made' | 'opened' | 'attached' | 'resized' | 'renamed' | 'removed';

export interface FileTold {
  readonly atMs: number;
  readonly what: FileDeed;
  readonly file: FileFacts;
  /** Absent: the kernel did not tell who. */
  readonly pid?: number;
  /** Raw, with a leading slash, below the mount. */
  readonly rawName?: ByteString;
}

/** A segment whose record has changed; no row: it is gone. */
export interface RowTold {
  readonly atMs: number;
  readonly ipcNamespace: string;
  readonly shmid: number;
  readonly row?: Omit<SysvRow, 'ipcNamespace' | 'shmid'>;
  /** Its maker as it is now, where one of that pid lives. */
  readonly maker?: Look;
}

/** A process has mapped a segment, or a piece of one. */
export interface AttachTold {
  readonly pid: number;
  readonly shmid: number;
  readonly atMs: number;
  /** With which it was made; absent: not told. */
  readonly key?: number;
  readonly sizeBytes: number;
}
