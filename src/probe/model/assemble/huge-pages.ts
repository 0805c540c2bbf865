// The kernel's rss of huge-page segments is too large by the base pages in a huge page on 6.12 and 6.18
// (shm_add_rss_swap in ipc/shm.c multiplies a count that is in base pages already). This puts it right.

export interface ResidentBytes {
  readonly rssBytes: number;
  /** Absent: made of base pages, as far as can be told. */
  readonly hugePageBytes?: number;
}

/**
 * Corrects rss. `mappedPageBytes` is the page size of an attachment, the sure sign; without one, an rss above the
 * segment's size gives huge pages away. `hugePageSizes`: those the machine has, ascending, bytes. `isInflated`: whether this
 * kernel multiplies (`inflatesHugeRss`); it decides where both readings would fit.
 */
export function correctResident(
  rssBytes: number,
  sizeBytes: number,
  pageBytes: number,
  mappedPageBytes: number | undefined,
  hugePageSizes: readonly number[],
  isInflated: boolean,
): ResidentBytes {
  const known = mappedPageBytes !== undefined && mappedPageBytes > pageBytes ? mappedPageBytes : undefined;
  const roundUp = (to: number) => Math.ceil(sizeBytes / to) * to;
  if (known === undefined && rssBytes <= roundUp(pageBytes)) return { rssBytes };
  for (const hugePageBytes of known === undefined ? hugePageSizes : [known]) {
    const fits = (bytes: number) => bytes % hugePageBytes === 0 && bytes <= roundUp(hugePageBytes);
    const divided = rssBytes / (hugePageBytes / pageBytes);
    if (fits(divided) && (isInflated || !fits(rssBytes))) return { rssBytes: divided, hugePageBytes };
    if (fits(rssBytes)) return { rssBytes, hugePageBytes };
  }
  return { rssBytes: Math.min(rssBytes, roundUp(pageBytes)), hugePageBytes: known };
}

/**
 * Whether a kernel of this release (`uname -r`) multiplies: since 6.7 the page cache counts huge pages in base pages
 * (mm/filemap.c, hugetlb special casing removed), and shm_add_rss_swap() still multiplies.
 */
export function inflatesHugeRss(release: string): boolean {
  const [major = 0, minor = 0] = release.split('.', 2).map(Number);
  return major > 6 || (major === 6 && minor >= 7);
}
