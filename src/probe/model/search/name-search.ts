// What a search for a name in the memory of its owner's processes came to. A suggestion: a name may sit where nobody can look.
import type { ByteString } from '../bytes.ts';

export interface FoundName {
  readonly pid: number;
  readonly comm: ByteString;
  /** `[heap]`, `[stack]`, the path of the file whose private copy it is; absent: memory without a name. */
  readonly place?: ByteString;
  /** It runs this very command, or what this runs in: there the name was typed or shown. */
  readonly isAncestor: boolean;
}

export interface NameSearch {
  /** What was looked for: the random part of the name. */
  readonly text: ByteString;
  readonly uid: number;
  readonly found: readonly FoundName[];
  /** How many processes of the owner were looked into, wholly or in part. */
  readonly processes: number;
  readonly readBytes: number;
  /** Processes whose memory may not be read, and such as did not answer (they keep whoever reads waiting). */
  readonly unreadable: number;
  /** Processes of which not all could be asked about: more address space than an older kernel tells in time. */
  readonly partly: number;
  readonly silent: number;
  /** Other shmtops of this user or of root: they know the names that they show or record, and want none. Not looked into. */
  readonly observers: number;
  /** Why not all was looked at. */
  readonly ended?: 'bytes' | 'time' | 'processes' | 'silent';
}

/** Before it begins: whom it concerns. */
export interface SearchPlan {
  readonly text: ByteString;
  readonly uid: number;
  readonly processes: number;
  /** The memory of others is read: who runs this is asked. */
  readonly isOfOthers: boolean;
  readonly run: (onProgress: (done: number, readBytes: number) => void) => NameSearch;
}
