// Events in the words of people: their colours, their moment, what they were about; shared by `watch` and the Events screen.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { EventName, ShmEvent } from '../../probe/model/event/event.ts';
import type { Token } from './colour.ts';

export const EVENT_TOKENS: Readonly<Record<EventName, Token | undefined>> = {
  created: 'good',
  attached: 'in-use',
  detached: 'unheld',
  marked: 'warning',
  destroyed: 'bad',
  resized: undefined,
  opened: 'faint',
  closed: 'faint',
  'owner-died': 'abandoned',
  lost: 'bad',
};

export const EVENT_MEANINGS: Readonly<Record<EventName, string>> = {
  created: 'a segment or a name was made',
  attached: 'a process mapped it: shmat, mmap, or a copy by fork',
  detached: 'a process let go of a mapping: shmdt, munmap, exec or its end',
  marked: 'dest: goes with its last holder (IPC_RMID), or its name went (shm_unlink)',
  destroyed: 'it is gone, and its memory with it',
  resized: 'its length is another one',
  opened: 'a name in /dev/shm was opened',
  closed: 'the last descriptor and mapping of one open went',
  'owner-died': 'the process that made the segment ended',
  lost: 'something was not seen: what, is said',
};

/** What is needed to name it where it has no short name of its own: the key of a segment, the name of a memfd. */
export function eventName({ kind, rawName, shortId, id }: ShmEvent): string | undefined {
  return rawName !== undefined && (kind === 'sysv' || shortId === id) ? escapeBytes(rawName) : undefined;
}

const two = (value: number) => String(value).padStart(2, '0');

/** `12:00:00.123` in local time. */
export function clockTime(atMs: number): string {
  const date = new Date(atMs);
  const millis = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`;
}
