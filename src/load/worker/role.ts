// What every loop of a worker is given.
import type { Libc } from '../../native/libc.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import type { Sync } from '../sync/sync.ts';
import type { Beat } from './beat.ts';
import type { TakeMessages } from './reader.ts';
import type { WriteRun } from './writer.ts';

export interface Role {
  readonly libc: Libc;
  readonly view: RingView;
  readonly setup: RingSetup;
  readonly sync: Sync;
  readonly beat: Beat;
  readonly parentPid: number;
  /** How messages get into the slots, and out of them into `copy`, where the slots are not memory that this process can touch. */
  readonly access?: SlotAccess;
}

export interface SlotAccess {
  readonly write: WriteRun;
  readonly take: TakeMessages;
  /** Room for `drain` messages at the stride of the ring: what `take` fills. */
  readonly copy: Uint8Array<ArrayBuffer>;
  /** Puts the first message of `copy` into a slot. */
  readonly putBack: (slot: number) => void;
}
