// THE table of sync modes, each the answer to one question: how does the reader know that data has come?
import type { SyncMode } from '../../load/model/options.ts';

export interface SyncModeWords {
  readonly mode: SyncMode;
  /** In the form: at most 40 characters. */
  readonly meaning: string;
  /** The answer to the question. */
  readonly answer: string;
  /** What a message costs at best, in calls of the kernel; and what the reader does meanwhile. */
  readonly cost: string;
}

export const SYNC_QUESTION = 'How does the reader know that data has come?';

/** From what costs least to what costs most, the lessons last. */
export const SYNC_MODE_WORDS: readonly SyncModeWords[] = [
  {
    mode: 'futex',
    meaning: 'polls a moment, then sleeps till woken',
    answer: 'looks at an index for some microseconds, then sleeps on it; the writer wakes it only if it sleeps',
    cost: 'no call while data flow; one wake-up after a pause',
  },
  {
    mode: 'spin',
    meaning: 'polls all the time, never sleeps',
    answer: 'looks at an index again and again',
    cost: 'no call ever; a whole processor a side, also when nothing comes',
  },
  {
    mode: 'sem',
    meaning: 'POSIX semaphores, a call a message',
    answer: 'takes one from a counter of filled slots in the segment, and sleeps while it is zero',
    cost: 'sem_post and sem_wait a message, in the kernel only if somebody sleeps',
  },
  {
    mode: 'eventfd',
    meaning: 'counters behind descriptors, calls too',
    answer: 'reads a counter behind a descriptor, which poll(2) and event loops can wait for',
    cost: 'write(2) and read(2) a message',
  },
  {
    mode: 'signal',
    meaning: 'a real-time signal for every message',
    answer: 'the kernel interrupts it: a signal a message, taken from a signalfd when there is nothing left to read',
    cost: 'a call a message to send; those that wait together are taken together, so one stands for many',
  },
  {
    mode: 'semop',
    meaning: 'System V semaphores, the oldest way',
    answer: 'takes one from a counter in the kernel, and sleeps while it is zero',
    cost: 'semop(2) twice a message, always in the kernel; the set outlives who does not remove it',
  },
  {
    mode: 'flag',
    meaning: 'polls one flag, one message in flight',
    answer: 'looks at one word that says "there is a message", and clears it: the writer waits for that',
    cost: 'no call, but two hand-overs between processors for each message',
  },
  {
    mode: 'none',
    meaning: 'not at all: a race, to see what breaks',
    answer: 'it does not: it reads what is there, and gets messages torn, skipped, twice or too late',
    cost: 'nothing, and nothing can be relied on',
  },
];
