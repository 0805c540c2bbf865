// What graphics drivers have made of shmem for the programs that use them, by what each descriptor of a device tells.
import { EFBIG } from '../../native/errno.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import type { GpuMemory } from '../model/account/account.ts';
import type { ByteString } from '../model/bytes.ts';
import { parseDrmFdinfo } from '../parse/drm-fdinfo.ts';
import { type Io, readText } from './io.ts';

/**
 * Drivers whose buffers in system memory are files of shmem (shmem_file_setup, drm_gem_shmem_helper.c), and so in Shmem. Those of
 * amdgpu, nouveau, radeon and xe are pages of their own (TTM).
 */
const OF_SHMEM: ReadonlySet<string> = new Set([
  ...[
    'i915',
    'vgem',
    'virtio_gpu',
    'panfrost',
    'panthor',
    'lima',
    'v3d',
    'etnaviv',
    'msm',
    'vkms',
    'ast',
    'udl',
    'gm12u320',
  ],
]);

const MOST_FDINFO_BYTES = 16_384;
/** Descriptors of one process, of which anybody may have a million, and the time for all: what is beyond is not told. */
const MOST_DESCRIPTORS = 16_384;
const MOST_MS = 500;

/** `isWhole`: false where not every descriptor was looked at. */
export interface GpuReading {
  readonly gpus: readonly GpuMemory[];
  readonly isWhole: boolean;
}

/** Looks at all descriptors, so only where there is a graphics device: about 60 µs a process. */
export function readGpuMemory(io: Io, procRoot: string, pids: readonly number[], deviceRoot = '/dev/dri'): GpuReading {
  if (typeof io.readDir(deviceRoot) === 'number') return { gpus: [], isWhole: true };
  const untilMs = monotonicMs() + MOST_MS;
  let isWhole = true;
  const seen = new Set<string>();
  const sums = new Map<string, GpuMemory & { shared: number; isAllocated: boolean }>();
  for (const pid of pids) {
    const names = descriptorsOf(io, `${procRoot}/${pid}/fd`);
    if (names === -EFBIG) isWhole = false;
    if (typeof names === 'number') continue;
    for (const name of names) {
      if (monotonicMs() > untilMs) {
        isWhole = false;
        break;
      }
      if (!isDevice(io.readLink(`${procRoot}/${pid}/fd/${name}`))) continue;
      const text = readText(io, `${procRoot}/${pid}/fdinfo/${name}`, MOST_FDINFO_BYTES);
      const client = typeof text === 'number' ? undefined : parseDrmFdinfo(text);
      if (!client || !OF_SHMEM.has(client.driver)) continue;
      const id = client.device ?? client.driver;
      if (seen.has(`${id} ${client.client}`)) continue;
      seen.add(`${id} ${client.client}`);
      const sum = sums.get(id) ?? { id, driver: client.driver, bytes: 0, shared: 0, isAllocated: false };
      // What several clients share is the same memory: it is counted once, as much as the one with most of it has.
      const shared = Math.max(sum.shared, client.sharedBytes);
      const bytes = sum.bytes - sum.shared + client.systemBytes - client.sharedBytes + shared;
      sums.set(id, { ...sum, bytes, shared, isAllocated: sum.isAllocated || client.isAllocated });
    }
  }
  const gpus = [...sums.values()].map(({ id, driver, bytes, isAllocated }) =>
    isAllocated ? { id, driver, bytes, isAllocated } : { id, driver, bytes },
  );
  return { gpus, isWhole };
}

/** Names; or -errno, -EFBIG where there are too many. Since Linux 6.2 their number is the size of the directory, and they need not be listed for it. */
function descriptorsOf(io: Io, folder: ByteString): readonly ByteString[] | number {
  const stat = io.stat(folder, 'nofollow');
  if (typeof stat === 'number') return stat;
  if (stat.sizeBytes > MOST_DESCRIPTORS) return -EFBIG;
  const names = io.readDir(folder);
  return typeof names !== 'number' && names.length > MOST_DESCRIPTORS ? -EFBIG : names;
}

const isDevice = (target: ByteString | number): boolean => typeof target === 'string' && target.startsWith('/dev/dri/');
