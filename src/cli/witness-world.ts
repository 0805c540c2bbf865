// What `shmtop witness` is handed beside the context of every command.
export interface WitnessOptions {
  /** Where to keep what is seen; absent: the usual place. */
  readonly state?: string;
  /** System call tracepoints too. */
  readonly exact: boolean;
}

/** Runs one; undefined when it was told to end, or in words why there can be none. */
export type RunWitness = (options: WitnessOptions, say: (line: string) => void) => Promise<string | undefined>;
