// PURE: /proc/PID/fdinfo of a graphics device: what a client of it has in system memory (Documentation/gpu/drm-usage-stats.rst).
import type { ByteString } from '../model/bytes.ts';

export interface DrmClient {
  readonly driver: ByteString;
  /** `drm-pdev`, where the driver has one. */
  readonly device?: ByteString;
  /** Unique for the device: the same client may be open in several processes. */
  readonly client: ByteString;
  /** Resident in system memory, bytes; where the driver does not tell residency, what is allocated there. */
  readonly systemBytes: number;
  /** It is what is allocated: memory that nobody touched yet is in it, of which anybody may have any amount. */
  readonly isAllocated: boolean;
  /** Of it, what other clients have too; 0 where that is not told. */
  readonly sharedBytes: number;
}

/** Undefined for the descriptor of something else, or of a driver that does not tell. */
export function parseDrmFdinfo(text: ByteString): DrmClient | undefined {
  const values = new Map(
    Array.from(text.matchAll(/^(drm-[a-z0-9-]+):[ \t]*(.*)$/gm), ([, key = '', value = '']) => [key, value]),
  );
  const driver = values.get('drm-driver');
  const client = values.get('drm-client-id');
  if (driver === undefined || client === undefined) return undefined;
  const bytesOf = (kind: string) => {
    for (const region of SYSTEM_REGIONS) {
      const value = values.get(`drm-${kind}-${region}`);
      if (value !== undefined) return sizeOf(value);
    }
    return undefined;
  };
  const residentBytes = bytesOf('resident') ?? bytesOf('memory');
  const systemBytes = residentBytes ?? bytesOf('total');
  if (systemBytes === undefined) return undefined;
  return {
    driver,
    device: values.get('drm-pdev'),
    client,
    systemBytes,
    isAllocated: residentBytes === undefined,
    sharedBytes: Math.min(systemBytes, bytesOf('shared') ?? 0),
  };
}

/** Names that drivers give to system memory: i915 and xe, those of drm_gem (`memory`), msm and panthor. */
const SYSTEM_REGIONS = ['system0', 'system', 'memory', 'smem'] as const;
const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1 << 20 };

function sizeOf(value: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15})(?: (KiB|MiB))?$/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit] ?? 1);
}
