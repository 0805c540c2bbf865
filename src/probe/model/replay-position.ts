// Where a replay stands: plain data for the screen.

export interface ReplayPosition {
  /** Milliseconds since the epoch, of the recorded machine. */
  readonly atMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds of the recording a second. */
  readonly speed: number;
  readonly isPaused: boolean;
  /** Lines of the file that could not be read. */
  readonly damagedLines: number;
}

/** What the player is asked for; what is left out stays as it is. */
export interface Play {
  readonly speed?: number;
  readonly isPaused?: boolean;
  /** A moment of the recording, milliseconds since the epoch. */
  readonly toMs?: number;
}

/** Steps of `[` and `]`. */
export const REPLAY_SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
