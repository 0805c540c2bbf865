// A request that makes no sense: told in one line with what would, exit code 2.

export const EXIT = { done: 0, notDone: 1, usage: 2, interrupted: 130 } as const;

/** Thrown by commands for what the parser of arguments cannot know; `message` says what is wrong and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
