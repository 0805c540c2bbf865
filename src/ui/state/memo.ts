// Remembers the last result of a pure function: selectors run once for the same inputs, however often they are asked.

/** Compares arguments by identity; keeps one result. */
export function memoLast<Args extends readonly unknown[], Result>(
  compute: (...args: Args) => Result,
): (...args: Args) => Result {
  let last: { readonly args: Args; readonly result: Result } | undefined;
  return (...args) => {
    if (last && args.length === last.args.length && args.every((arg, at) => Object.is(arg, last?.args[at])))
      return last.result;
    last = { args, result: compute(...args) };
    return last.result;
  };
}
