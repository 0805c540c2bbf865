// The kernel's own mounts behind SysV segments, memfds and shared anonymous memory, found by making a memfd and looking.
import * as file from '../../native/file.ts';
import { MFD_CLOEXEC, MFD_HUGETLB, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { memfdCreate } from '../../native/posix-shm.ts';
import { type DeviceNumber, deviceNumber } from '../model/mapping-record.ts';
import type { Io } from './io.ts';
import { readStatx } from './io-native.ts';

const HUGEPAGES = '/sys/kernel/mm/hugepages';
/** memfd_create(2): the log2 of the page size stands in the flags from this bit on. */
const MFD_HUGE_SHIFT = 26;

export interface KernelMounts {
  readonly kernelShm: DeviceNumber;
  readonly hugetlb: ReadonlySet<DeviceNumber>;
  /** Sizes of huge pages that the kernel offers, ascending, bytes. */
  readonly hugePageSizes: readonly number[];
}

/** Without libc the device is taken to be 0:1, as on every kernel seen. The memfds are empty and closed at once. */
export function findKernelMounts(io: Io, libc: Libc | undefined): KernelMounts {
  const hugePageSizes = readHugePageSizes(io);
  const fallback = deviceNumber(0, 1);
  if (!libc) return { kernelShm: fallback, hugetlb: new Set(), hugePageSizes };
  const hugetlb = hugePageSizes
    .map((bytes) => deviceOfMemfd(libc, MFD_CLOEXEC | MFD_HUGETLB | (Math.log2(bytes) << MFD_HUGE_SHIFT)))
    .filter((device) => device !== undefined);
  return { kernelShm: deviceOfMemfd(libc, MFD_CLOEXEC) ?? fallback, hugetlb: new Set(hugetlb), hugePageSizes };
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
