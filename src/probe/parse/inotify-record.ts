// Events of inotify(7): watch descriptor, mask, cookie, length and the name of the entry.
import type { ByteString } from '../model/bytes.ts';
import { i32, u32 } from './little-endian.ts';
import { latin1 } from './maps.ts';

export interface InotifyEvent {
  /** -1 with IN_Q_OVERFLOW. */
  readonly watch: number;
  readonly mask: number;
  /** Absent for the directory itself. */
  readonly name?: ByteString;
}

const HEADER = 16;

/** Calls `use` with each event in `count` bytes of one read(2). */
export function parseInotifyEvents(bytes: Uint8Array, count: number, use: (event: InotifyEvent) => void): void {
  for (let at = 0; at + HEADER <= count; ) {
    const length = u32(bytes, at + 12);
    if (length < 0) return; // cannot be: the kernel pads names to a few hundred bytes
    const nameStart = at + HEADER;
    const nul = length > 0 ? bytes.indexOf(0, nameStart) : -1;
    const nameEnd = nul < 0 || nul > nameStart + length ? nameStart + length : nul;
    use({
      watch: i32(bytes, at),
      mask: u32(bytes, at + 4),
      name: length > 0 ? latin1(bytes, nameStart, nameEnd) : undefined,
    });
    at = nameStart + length;
  }
}
