// What the recorder asks of the place in which it keeps lives: batched writes, what was there at the start, one writer.
import type { Life, Watch, WriterRole } from '../probe/model/life/life.ts';

export interface WitnessStore {
  readonly path: string;
  /** What an earlier witness of this boot left; of other boots nothing. */
  readonly load: () => { readonly lives: readonly Life[]; readonly watch: Watch | undefined };
  /**
   * Upserts lives by identity, drops those forgotten, and notes the sign of life. Undefined, or the problem in words: then
   * nothing of the batch is kept there, nothing that was kept before is lost, and it may be tried again.
   */
  readonly write: (batch: WitnessBatch) => string | undefined;
  /** A witness waits for a program that records beside its work to give way. */
  readonly isClaimed: () => boolean;
  readonly close: () => void;
}

export interface WitnessBatch {
  readonly lives: readonly Life[];
  /** Identities. */
  readonly forgotten: readonly string[];
  readonly watch: Watch;
}

/** Why there is no store for us; where somebody has it, who that is. */
export interface StoreRefused {
  readonly problem: string;
  /** Somebody writes there now. */
  readonly isTaken?: boolean;
  readonly pid?: number;
  readonly role?: WriterRole;
}
