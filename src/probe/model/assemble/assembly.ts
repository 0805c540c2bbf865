// What objects are assembled with, and what is spelled alike in objects of each kind: permissions, status, size of pages.
import type { ShmPlace } from '../join/shm-place.ts';
import type { MakerBook } from '../judge/maker.ts';
import type { NeverList } from '../judge/never-touch.ts';
import type { SoftwareRow } from '../judge/software.ts';
import type { VerdictBook } from '../judge/verdict-book.ts';
import type { VerdictContext, Witnessed } from '../judge/verdict-case.ts';
import type { WitnessQuestion } from '../life/weigh.ts';
import type { Container, Status } from '../object.ts';
import type { HolderBook } from './assemble-holders.ts';

/** Everything that objects are assembled with. The functions look up what the sources have read. */
export interface Assembly extends VerdictContext, HolderBook {
  readonly ownNamespace: string | undefined;
  readonly pageBytes: number;
  /** Sizes of huge pages of this machine, ascending, bytes. */
  readonly hugePageSizes: readonly number[];
  /** See `inflatesHugeRss`. */
  readonly inflatesHugeRss: boolean;
  readonly makers: MakerBook;
  readonly verdicts: VerdictBook;
  readonly table: readonly SoftwareRow[];
  /** Absent: nothing is kept by name, key or owner. */
  readonly never?: NeverList;
  readonly groupName: (gid: number) => string | undefined;
  /** Processes that could hold something but could not be looked into. */
  readonly notInspected: number;
  /** False in a container and under hidepid: processes exist that cannot be seen at all. */
  readonly seesAllProcesses: boolean;
  /** The container that lives in another IPC namespace, or in another mount namespace. */
  readonly residents?: {
    readonly ofIpc: (namespace: string | undefined) => Container | undefined;
    readonly ofPlace: (place: ShmPlace) => Container | undefined;
  };
  /** What a witness's knowledge of an object comes to; undefined: none, or nothing of this one. */
  readonly witnessed?: (object: WitnessQuestion) => Witnessed | undefined;
}

const PERMISSION_BITS = 0o777;
export const NO_STATUS: readonly Status[] = [];

// Filled, since an array with holes would become a look-up table.
const knownPerms = new Array<string | undefined>(PERMISSION_BITS + 1).fill(undefined);

/** `600`. */
export function permsText(mode: number): string {
  const bits = mode & PERMISSION_BITS;
  let text = knownPerms[bits];
  if (text === undefined) {
    text = bits.toString(8).padStart(3, '0');
    knownPerms[bits] = text;
  }
  return text;
}

/** Absent for base pages. */
export const hugePageSize = (mappedPageBytes: number | undefined, pageBytes: number) =>
  mappedPageBytes !== undefined && mappedPageBytes > pageBytes ? mappedPageBytes : undefined;

/** The same empty list for all that are nothing special. */
export function statusOf(isDest: boolean, isLocked: boolean, isHuge: boolean): readonly Status[] {
  if (!isDest && !isLocked && !isHuge) return NO_STATUS;
  const status: Status[] = [];
  if (isDest) status.push('dest');
  if (isLocked) status.push('locked');
  if (isHuge) status.push('hugetlb');
  return status;
}
