// Why a load cannot run, or did not end well: a value with the words for a person.

/** `usage`: the command line cannot be understood. `refused`: understood, but not possible here. `failed`: began and broke. */
export interface LoadProblem {
  readonly kind: 'usage' | 'refused' | 'failed';
  /** What happened, to what, and what to do; one line. */
  readonly message: string;
}

/** A problem by its kind and words. */
export function problem(kind: LoadProblem['kind'], message: string): LoadProblem {
  return { kind, message };
}

/** True for a problem, false for the value that was asked for. */
export function isProblem<T extends object>(value: T | LoadProblem): value is LoadProblem {
  return 'kind' in value && 'message' in value;
}
