// How a value is to be written: exact or short bytes, Unicode or ASCII signs, and the moment that ages are counted to.

export interface Style {
  /** `iec`: `12.3M`, five characters at most; `exact`: all digits. */
  readonly bytes: 'iec' | 'exact';
  /** False in a locale that is not UTF-8: everything shown is then ASCII. */
  readonly unicode: boolean;
  /** Are escape sequences for colour wanted? */
  readonly colour: boolean;
  /** When the snapshot was taken, in seconds since the epoch. */
  readonly nowSec: number;
}
