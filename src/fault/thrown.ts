// What was thrown, in a word. A `catch` binds anything at all, and Node's own errors say more than an Error does.

/** The name of what a call of Node threw: `EACCES`, `ERR_WORKER_OUT_OF_MEMORY`; all that it says of itself where it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The number that the kernel gave, as -errno; undefined for what no system call threw. */
export function errorNumber(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
}

/** Its message without the name of its class. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
