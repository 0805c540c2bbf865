// What has to be asked of the machine as it is now, to say what follows from a life. Asked only of what nobody holds.
import type { ByteString } from '../bytes.ts';
import type { Container } from '../object.ts';
import type { Unit } from './unit.ts';

/** A process that lives now. */
export interface Living {
  readonly pid: number;
  readonly comm?: ByteString;
  /** Its session is its own (setsid(2)) and has a terminal: a shell, as a rule. */
  readonly leadsTerminal: boolean;
  /** Its control groups, one for each hierarchy. */
  readonly cgroups: readonly ByteString[];
}

/**
 * A unit or container now. `resting`: nothing runs in it, but something may start it again by itself (Restart=, a timer, the
 * record of a container). `stopped`: only a person will. `gone`: it does not exist any more. `unknown`: could not be asked.
 */
export type PlaceNow = Living | 'resting' | 'stopped' | 'gone' | 'unknown';

export interface Present {
  readonly nowMs: number;
  /** Grace time, seconds. */
  readonly minAgeSec: number;
  /** The newest of the object's own times, seconds since the epoch; absent: not known. */
  readonly usedSec?: number;
  /** Segments: lpid of its record, 0 where it is of another pid namespace; absent: nobody ever attached, or a name. */
  readonly lastUserPid?: number;
  /** False in a container and under hidepid: relatives may live that nobody here can see, and the first process may be one. */
  readonly seesAll: boolean;
  /**
   * Who has this pid, if he began at `startTicks`, or without that: not after `notAfterTicks`. `ended`: nobody.
   * `unknown`: somebody whom /proc does not show.
   */
  readonly process: (pid: number, startTicks?: number, notAfterTicks?: number) => Living | 'ended' | 'unknown';
  /** Who lives in a session, without this program and those who began it (but for the session's leader). */
  readonly session: (id: number) => readonly Living[];
  readonly unit: (unit: Unit) => PlaceNow;
  readonly container: (container: Container) => PlaceNow;
}

export const isLiving = (answer: Living | string): answer is Living => typeof answer !== 'string';
