// Which mappings can be of shared memory at all: the rest need not be kept, and a data base has 100,000 of its own files mapped.
import { type DeviceNumber, deviceNumber, type MappingRecord } from './mapping-record.ts';

/** The smallest number of a device that is hardware. */
const FIRST_HARDWARE_DEVICE = deviceNumber(1, 0);

export interface Interest {
  /** Those of /dev/shm and of the kernel's own memory. */
  readonly fdDevices: ReadonlySet<DeviceNumber>;
  /** Mappings of ordinary files are shown too. */
  readonly includeFiles: boolean;
}

/**
 * Everything on those devices, what is called as if it lay in /dev/shm, and what may be memory of the kernel by its name: where
 * its devices for huge pages are not known, these tell.
 */
export function interestIn({ fdDevices, includeFiles }: Interest): (record: MappingRecord) => boolean {
  if (includeFiles) return () => true;
  return ({ device, name }) =>
    fdDevices.has(device) ||
    name.startsWith('/dev/shm/') ||
    (device < FIRST_HARDWARE_DEVICE && (KERNEL_NAME.test(name) || name === ''));
}

/** SysV, memfd and anonymous memory as the kernel names them (ipc/shm.c, mm/memfd.c, mm/hugetlb.c). */
const KERNEL_NAME = /^\/(?:SYSV|memfd:|anon_hugepage|dev\/zero)/;
