// What became of a restore.

/** What was made, as `ls` prints its ID; or why nothing was, in words, and what to do. */
export type Restored =
  | { readonly kind: 'restored'; readonly shortId: string; readonly sizeBytes: number; readonly note?: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly advice: string };
