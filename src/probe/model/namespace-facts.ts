// An IPC namespace with who lives in it, what keeps it, and its limits: numbers of its own, whatever those of ours are.
import type { ByteString } from './bytes.ts';
import type { Container } from './object.ts';

/** `descriptor`: no process is in it and no mount keeps it, but a process has it open, and may enter it again. */
export type NamespaceKeeper = 'process' | 'mount' | 'descriptor';
export const NAMESPACE_KEEPERS: readonly NamespaceKeeper[] = ['process', 'mount', 'descriptor'];

/** Numbers that may exceed 2^53 are decimal text, as in `Limits`. Absent: it could not be entered, or there is no libc. */
export interface IpcLimits {
  readonly shmmni?: string;
  readonly shmall?: string;
  readonly shmmax?: string;
}

/** The process of it that is the first inside, else the one with the lowest pid; of a namespace that a descriptor keeps, who has that. */
export interface NamespaceResident {
  readonly pid: number;
  /** Its pid inside, where it is in a pid namespace of its own. */
  readonly innerPid?: number;
  readonly comm?: ByteString;
  readonly uid?: number;
}

export interface NamespaceFacts extends IpcLimits {
  /** Inode, decimal text. */
  readonly id: string;
  readonly isOwn: boolean;
  readonly keptBy: NamespaceKeeper;
  /** Those in it that may be asked; 0 where only a mount or a descriptor keeps it. */
  readonly processes: number;
  readonly resident?: NamespaceResident;
  /** Absent: it is of no container, or of several. */
  readonly container?: Container;
  readonly unit?: string;
  readonly segments: number;
  /** Of all segments, in pages. */
  readonly pages: number;
  /** What its processes see as /dev/shm, by the path and device of `Limits.mounts`. */
  readonly mounts: readonly { readonly path: string; readonly device: string }[];
}
