// Content of an object as it was read, or why it was not.

/** `via` says in words how it was read: nothing was attached and no page allocated. */
export type Peek =
  | { readonly bytes: Uint8Array; readonly via: string }
  | { readonly refused: string; readonly advice?: string };
