// The kernel's rss of huge-page segments is too large by the base pages in a huge page on 6.12 and 6.18
// (shm_add_rss_swap in ipc/shm.c multiplies a count that is in base pages already). This puts it right.

export interface ResidentBytes {
  readonly rssBytes: number;
  /** Absent: made of base pages, as far as can be told. */
  readonly hugePageBytes?: number;
}

/**
 * Corrects rss. `mappedPageBytes` is the page size of an attachment, the sure sign; without one, an rss above the
 * segment's size gives huge pages away. `hugePageSizes`: those the machine has, ascending, bytes.
 */
export function correctResident(
  rssBytes: number,
  sizeBytes: number,
  pageBytes: number,
  mappedPageBytes: number | undefined,
  hugePageSizes: readonly number[],
): ResidentBytes {
  const known = mappedPageBytes !== undefined && mappedPageBytes > pageBytes ? mappedPageBytes : undefined;
  const roundUp = (to: number) => Math.ceil(sizeBytes / to) * to;
  if (known === undefined && rssBytes <= roundUp(pageBytes)) return { rssBytes };
  for (const hugePageBytes of known === undefined ? hugePageSizes : [known]) {
    const factor = hugePageBytes / pageBytes;
    const divided = rssBytes / factor;
    // 6.1 and earlier count right: then the value itself is a fitting multiple of the huge page, and divided is not.
    if (divided % hugePageBytes === 0 && divided <= roundUp(hugePageBytes)) return { rssBytes: divided, hugePageBytes };
    if (rssBytes % hugePageBytes === 0 && rssBytes <= roundUp(hugePageBytes)) return { rssBytes, hugePageBytes };
  }
  return { rssBytes: Math.min(rssBytes, roundUp(pageBytes)), hugePageBytes: known };
}
