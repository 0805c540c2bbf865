// System V semaphores of one IPC namespace against their limits: they run out with the words of shared memory, "No space left on device".

export interface Semaphores {
  readonly sets: number;
  /** SEMMNI. */
  readonly mostSets: number;
  /** In all sets together. */
  readonly semaphores: number;
  /** SEMMNS. */
  readonly mostSemaphores: number;
}
