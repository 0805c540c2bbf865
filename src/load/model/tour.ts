// PURE: the tour: ten short scenes about shared memory on objects of its own, each with two lines that say what happens and what to see.

import type { Meter } from './meter.ts';

/** What is done on the stage, in this order; then runs of the generator. */
export const STAGE_ACTS = ['make', 'attach', 'fork', 'detach', 'dest', 'unlink', 'leak'] as const;
export type StageAct = (typeof STAGE_ACTS)[number];
const RUN_ACTS = ['race', 'semaphores', 'pipes'] as const;
export type RunAct = (typeof RUN_ACTS)[number];

export interface Scene {
  readonly act: StageAct | RunAct;
  readonly title: string;
  /** What happens, and what is to be seen of it; a sentence or two each. */
  readonly happens: string;
  readonly look: string;
}

export const SCENES: readonly Scene[] = [
  {
    act: 'make',
    title: 'A segment is made',
    happens:
      "shmget(2) makes a System V segment of 1 MiB. It is not in anybody's memory yet, and no page of it exists.",
    look: 'nattch is 0 and nobody holds it, yet it is there, and would be after its maker is gone.',
  },
  {
    act: 'attach',
    title: 'It is attached',
    happens: 'shmat(2) maps it into the process; what is written there, every other process that attaches it reads.',
    look: 'nattch is 1, and the process is its holder. Pages that were touched now count as resident.',
  },
  {
    act: 'fork',
    title: 'A child inherits it',
    happens: 'fork(2) copies the memory map: the child holds the segment too, without a call of its own.',
    look: 'nattch is 2, with a second holder. nattch counts mappings and not programs.',
  },
  {
    act: 'detach',
    title: 'The parent detaches',
    happens: 'shmdt(2) takes it out of the memory of the parent; the child still has it.',
    look: 'nattch is 1 again: its creator is no longer among its holders, and dtime has moved.',
  },
  {
    act: 'dest',
    title: 'It is marked for removal',
    happens: 'IPC_RMID takes its key away, so that nobody finds it; the memory stays until the last detach.',
    look: 'Its status is dest. This is no leak: when the child ends, it goes by itself.',
  },
  {
    act: 'unlink',
    title: 'A name is removed, the memory stays',
    happens: 'shm_open(3) makes a file in /dev/shm, mmap(2) maps it, and shm_unlink(3) takes only its name away.',
    look: 'It is listed as unlinked, with its holder: ls /dev/shm no longer shows what still costs memory.',
  },
  {
    act: 'leak',
    title: 'A leak',
    happens:
      'A process makes a segment and ends without removing it. The kernel keeps it: System V memory has no owner who dies.',
    look: 'nattch is 0 and its creator is dead: the evidence is in shmtop show. shmtop rm would remove it; the tour does so itself.',
  },
  {
    act: 'race',
    title: 'No synchronisation',
    happens:
      'A writer and a reader share a ring, and neither waits for the other. Nothing in shared memory says when it may be read.',
    look: 'Messages are torn, lost, seen twice: what an index, a semaphore or a futex is for.',
  },
  {
    act: 'semaphores',
    title: 'Semaphores, and calling only when somebody sleeps',
    happens:
      'sem_post(3) and sem_wait(3) for each message, then a futex that is called only when the other side sleeps.',
    look: 'Nothing is torn or lost either way. What differs is the price of a message.',
  },
  {
    act: 'pipes',
    title: 'The same through a pipe',
    happens:
      'A pipe(2) copies each message into the kernel and out again, with a call each; shared memory does neither.',
    look: 'The rate of both, one after the other: what shared memory is for, and what all the trouble above buys.',
  },
];

/** What the stage tells after an act. */
export interface StageNews {
  /** IDs of what is there now, as in a snapshot: `sysv:4026531839:5`. */
  readonly ids: readonly string[];
  /** What could not be done, in words. */
  readonly refusal?: string;
}

export interface TourRun {
  readonly label: string;
  readonly meter: Meter;
}

/** A scene that was played: what there is now, or what was measured. */
export interface SceneView extends StageNews {
  readonly scene: Scene;
  /** From 1 on. */
  readonly number: number;
  readonly of: number;
  readonly runs: readonly TourRun[];
}

/** The line of an answer; undefined for anything else. */
export function parseStageNews(line: string): StageNews | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { ids, refusal } = value as Record<string, unknown>;
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) return undefined;
    return { ids, ...(typeof refusal === 'string' ? { refusal } : {}) };
  } catch {
    return undefined; // SyntaxError: cut off
  }
}
