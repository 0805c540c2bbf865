// The birth of a file as it stands in an identity.

/** Nanoseconds since the epoch, decimal text; undefined where the file system keeps no birth. */
export function birthNs({
  btimeSec,
  btimeNsec,
}: {
  readonly btimeSec?: number;
  readonly btimeNsec?: number;
}): string | undefined {
  if (btimeSec === undefined || btimeNsec === undefined) return undefined;
  return `${btimeSec}${String(btimeNsec).padStart(9, '0')}`;
}
