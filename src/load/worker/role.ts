// What every loop of a worker is given.
import type { Libc } from '../../native/libc.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import type { Sync } from '../sync/sync.ts';
import type { Beat } from './beat.ts';

export interface Role {
  readonly libc: Libc;
  readonly view: RingView;
  readonly setup: RingSetup;
  readonly sync: Sync;
  readonly beat: Beat;
}
