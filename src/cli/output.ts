// Where a command writes: standard output or standard error, as a function.
export interface Terminal {
  /** Absent when the stream is not a terminal. */
  readonly columns?: number;
  readonly isTty: boolean;
  /** Text is written as UTF-8; bytes may be reused by the caller afterwards. Returns when all is written. */
  readonly write: (text: string | Uint8Array) => void;
}
