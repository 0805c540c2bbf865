// The kernel's own mounts behind SysV segments, memfds and shared anonymous memory, found by making a memfd and looking.
import * as file from '../../native/file.ts';
import { MFD_CLOEXEC, MFD_HUGETLB, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { memfdCreate } from '../../native/posix-shm.ts';
import { type DeviceNumber, deviceNumber } from '../model/join/mapping-record.ts';
import type { Io } from './io.ts';
import { readStatx } from './io-native.ts';

const HUGEPAGES = '/sys/kernel/mm/hugepages';
/** memfd_create(2): the log2 of the page size stands in the flags from this bit on. */
const MFD_HUGE_SHIFT = 26;

export interface KernelMounts {
  readonly kernelShm: DeviceNumber;
  /** Absent where they could not be found out. */
  readonly hugetlb?: ReadonlySet<DeviceNumber>;
  /** Sizes of huge pages that the kernel offers, ascending, bytes. */
  readonly hugePageSizes: readonly number[];
}

/** Where /sys is not mounted: 64 KiB to 16 GiB, on any architecture. The kernel refuses the sizes that it does not have. */
const ALL_SIZES = Array.from({ length: 19 }, (_, at) => 2 ** (16 + at));

/** Without libc the device is taken to be 0:1, as on every kernel seen. The memfds are empty and closed at once. */
export function findKernelMounts(io: Io, libc: Libc | undefined): KernelMounts {
  const hugePageSizes = readHugePageSizes(io);
  const fallback = deviceNumber(0, 1);
  if (!libc) return { kernelShm: fallback, hugePageSizes };
  const found = (hugePageSizes.length > 0 ? hugePageSizes : ALL_SIZES)
    .map((bytes) => deviceOfMemfd(libc, MFD_CLOEXEC | MFD_HUGETLB | (Math.log2(bytes) << MFD_HUGE_SHIFT)))
    .filter((device) => device !== undefined);
  // A kernel before 4.14 has huge pages without such memfds; one that makes none at all is asked by a filter (seccomp(2)).
  const kernelShm = deviceOfMemfd(libc, MFD_CLOEXEC);
  const isKnown = kernelShm !== undefined && found.length >= hugePageSizes.length;
  return { kernelShm: kernelShm ?? fallback, hugetlb: isKnown ? new Set(found) : undefined, hugePageSizes };
}

function deviceOfMemfd(libc: Libc, flags: number): DeviceNumber | undefined {
  const fd = memfdCreate(libc, 'shmtop-probe', flags >>> 0);
  if (fd < 0) return undefined;
  const record = libc.allocate(STATX_LAYOUT.size);
  const failed = file.statxOf(libc, fd, record.address);
  file.close(libc, fd);
  return failed < 0 ? undefined : readStatx(record).device;
}

function readHugePageSizes(io: Io): number[] {
  const names = io.readDir(HUGEPAGES);
  if (typeof names === 'number') return [];
  return names
    .map((name) => Number(/^hugepages-(\d+)kB$/.exec(name)?.[1]) * 1024)
    .filter((bytes) => bytes > 0)
    .sort((a, b) => a - b);
}
