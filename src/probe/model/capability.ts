// What this kernel, these privileges and this build allow: the lines of `shmtop doctor`.

export interface Capability {
  /** Short, in the field's words: `native calls`, `PROCMAP_QUERY`, `file leases`. */
  readonly name: string;
  readonly state: 'yes' | 'partly' | 'no';
  /** What was found: `Linux 6.18`, `ENOTTY`, `3 of 212 processes refused`. Escaped, safe to print. */
  readonly found: string;
  /** What is lost without it; only where the state is not `yes`. */
  readonly lost?: string;
  /** What the reader can do about it; only where something can be done. */
  readonly advice?: string;
}
