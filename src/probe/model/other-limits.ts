// Limits beside those of segments and mounts, of which shared memory takes its part: semaphores, queues, huge pages, control groups.

/**
 * `semaphore-sets`, `semaphores`, `queues`: of our own IPC namespace. `huge-pages`: one pool. `group`: one control group (or the one above it
 * that sets the limit) whose processes hold objects; pages are charged to the group of whoever touched them first, also after it is gone.
 */
export type OtherLimitKind = 'semaphore-sets' | 'semaphores' | 'queues' | 'huge-pages' | 'group';
export const OTHER_LIMIT_KINDS: readonly OtherLimitKind[] = [
  'semaphore-sets',
  'semaphores',
  'queues',
  'huge-pages',
  'group',
];

export interface OtherLimit {
  readonly kind: OtherLimitKind;
  /** Path of the group, or size of the pages in bytes; absent: there is one of that kind. */
  readonly of?: string;
  readonly used: number;
  /** Absent: none. */
  readonly limit?: number;
  /** Of a group: shared memory among what it uses (`shmem` of memory.stat), bytes. */
  readonly shmemBytes?: number;
}
