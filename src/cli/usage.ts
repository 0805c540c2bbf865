// A request that makes no sense: told in one line with what would, exit code 2.

export const EXIT = { done: 0, notDone: 1, usage: 2, interrupted: 130 } as const;

/** Of `check`, whose exit codes are those of monitoring plug-ins: 1 and 2 would be taken for a warning and an alarm. */
export const CHECK_UNKNOWN = 3;

/** Thrown by commands for what the parser of arguments cannot know; `message` says what is wrong and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
