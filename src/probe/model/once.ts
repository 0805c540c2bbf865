// A value that is found out when it is first asked for.

/** `find` at the first call, and what it gave then at all later ones. */
export function once<Value>(find: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: find() };
    return known.value;
  };
}
