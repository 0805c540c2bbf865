// What a command is handed: the world as functions, so that commands only turn a Snapshot into text.
import type { Capability } from '../probe/model/capability.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Peek } from '../probe/model/peek.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import type { LoadContext } from './load.ts';

export interface SampleRequest {
  /** Shared mappings of ordinary files too (`--all`). */
  readonly includeFiles: boolean;
  /** Grace time of the verdict, in seconds; 0 for none. */
  readonly minAgeSec: number;
  /** Resident and swapped bytes of segments: costs the kernel about 1 µs a segment, so ask only where they are shown. */
  readonly rss: boolean;
}

export interface Terminal {
  /** Absent when the stream is not a terminal. */
  readonly columns?: number;
  readonly isTty: boolean;
  /** Text is written as UTF-8; bytes may be reused by the caller afterwards. Returns when all is written. */
  readonly write: (text: string | Uint8Array) => void;
}

export interface CliContext {
  readonly sample: (request: SampleRequest) => Snapshot;
  readonly capabilities: () => readonly Capability[];
  readonly peek: (object: ShmObject, offset: number, length: number) => Peek;
  /** What the load generator needs; its engine comes with it. */
  readonly openLoad: () => Promise<LoadContext>;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** NO_COLOR, FORCE_COLOR, TERM, COLUMNS, LANG, … */
  readonly env: Readonly<Record<string, string | undefined>>;
}
