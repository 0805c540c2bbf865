// What a control group's memory files say: numbers, `max`, and the lines of memory.stat (cgroup-v2.rst, cgroup-v1/memory.rst).

/** A number of bytes; undefined for `max`, for what version 1 writes for no limit (LONG_MAX less a page), and for anything else. */
export function parseGroupNumber(text: string): number | undefined {
  const digits = /^(\d{1,19})\n?$/.exec(text)?.[1];
  const value = Number(digits);
  return digits !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

/** `shmem` of memory.stat: tmpfs, segments, memfds and shared anonymous memory; with that of all groups below in version 1 too. */
export function parseGroupShmem(text: string): number | undefined {
  const found = /^total_shmem (\d{1,16})$/m.exec(text) ?? /^shmem (\d{1,16})$/m.exec(text);
  return found ? Number(found[1]) : undefined;
}
