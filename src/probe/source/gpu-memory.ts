// What graphics drivers have made of shmem for the programs that use them, by what each descriptor of a device tells.
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

/** Looks at all descriptors, so only where there is a graphics device: about 60 µs a process. */
export function readGpuMemory(io: Io, procRoot: string, pids: readonly number[], deviceRoot = '/dev/dri'): GpuMemory[] {
  if (typeof io.readDir(deviceRoot) === 'number') return [];
  const seen = new Set<string>();
  const sums = new Map<string, GpuMemory & { shared: number }>();
  for (const pid of pids) {
    const names = io.readDir(`${procRoot}/${pid}/fd`);
    if (typeof names === 'number') continue;
    for (const name of names) {
      if (!isDevice(io.readLink(`${procRoot}/${pid}/fd/${name}`))) continue;
      const text = readText(io, `${procRoot}/${pid}/fdinfo/${name}`, MOST_FDINFO_BYTES);
      const client = typeof text === 'number' ? undefined : parseDrmFdinfo(text);
      if (!client || !OF_SHMEM.has(client.driver)) continue;
      const id = client.device ?? client.driver;
      if (seen.has(`${id} ${client.client}`)) continue;
      seen.add(`${id} ${client.client}`);
      const sum = sums.get(id) ?? { id, driver: client.driver, bytes: 0, shared: 0 };
      // What several clients share is the same memory: it is counted once, as much as the one with most of it has.
      const shared = Math.max(sum.shared, client.sharedBytes);
      const bytes = sum.bytes - sum.shared + client.systemBytes - client.sharedBytes + shared;
      sums.set(id, { ...sum, bytes, shared });
    }
  }
  return [...sums.values()].map(({ id, driver, bytes }) => ({ id, driver, bytes }));
}

const isDevice = (target: ByteString | number): boolean => typeof target === 'string' && target.startsWith('/dev/dri/');
