// Resident share of each mapping of one object, from /proc/PID/pagemap (proc_pid_pagemap(5)): eight bytes a page.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { ShmObject } from '../model/object.ts';
import type { Residents } from '../model/residents.ts';

const ENTRY_BYTES = 8;
const CHUNK_BYTES = 1 << 20;
/** 4 GiB of small pages: some 20 ms. */
const MOST_PAGES = 1 << 20;

/** For one object at a time. A process that is gone or refuses has no entry. */
export function readResidents({ id, holders }: ShmObject, pageBytes: number, procRoot = '/proc'): Residents {
  let pagesLeft = MOST_PAGES;
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const ranges = holders.flatMap(({ pid, mappings }) =>
    mappings.flatMap(({ start, end }) => {
      pagesLeft -= (end - start) / pageBytes;
      const pages =
        pagesLeft < 0 ? undefined : countPresent(`${procRoot}/${pid}/pagemap`, start, end, pageBytes, buffer);
      return pages === undefined ? [] : [{ pid, start, residentBytes: pages * pageBytes }];
    }),
  );
  return { id, ranges };
}

function countPresent(path: string, start: number, end: number, pageBytes: number, buffer: Buffer): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
    const last = (end / pageBytes) * ENTRY_BYTES;
    let present = 0;
    for (let at = (start / pageBytes) * ENTRY_BYTES; at < last; ) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, last - at), at);
      if (count <= 0) return undefined; // the process ended
      // Bit 63: present. An ordinary user sees no page frame numbers, but this bit.
      for (let entry = ENTRY_BYTES - 1; entry < count; entry += ENTRY_BYTES) present += buffer[entry] >>> 7;
      at += count;
    }
    return present;
  } catch {
    return undefined; // EACCES, ENOENT, ESRCH
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
