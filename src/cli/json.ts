// Objects and snapshots as the JSON that docs/reference.md promises: ISO times, absent left out, names escaped.
import { base64OfBytes } from '../probe/model/base64.ts';
import { type ByteString, escapeBytes, utf8Bytes } from '../probe/model/bytes.ts';
import type { Gap } from '../probe/model/gap.ts';
import { type Evidence, evidenceText } from '../probe/model/judge/evidence.ts';
import type { RemovalEffect } from '../probe/model/judge/removal-effect.ts';
import type { Container, Holder, Maker, Mapping, ShmObject } from '../probe/model/object.ts';
import type { Limits, Snapshot } from '../probe/model/snapshot.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { isoTime } from '../ui/format/time.ts';

/** Raised when a field is renamed or changes its meaning; adding fields is no such change. */
export const SCHEMA_VERSION = 1;

/** Fields that are `undefined` are left out by JSON.stringify. */
export type Json = { readonly [field: string]: unknown };

const escaped = (raw: ByteString | undefined) => (raw === undefined ? undefined : escapeBytes(raw));
const safe = (text: string | undefined) => (text === undefined ? undefined : safeText(text));

/** Base64 of the raw bytes where the shown name is not simply their UTF-8; else absent. */
export function nameBytesOf(raw: ByteString, shown: string): string | undefined {
  return shown === raw || utf8Bytes(shown) === raw ? undefined : base64OfBytes(raw);
}

/** One object of `ls --json`. The order of the fields is that of object-json.ts. */
export function jsonOfObject(object: ShmObject): Json {
  const name = escapeBytes(object.rawName);
  return {
    id: object.id,
    kind: object.kind,
    name,
    nameBytes: nameBytesOf(object.rawName, name),
    otherNames: object.otherRawNames?.map(escapeBytes),
    path: escaped(object.rawPath),
    type: object.type,
    device: object.device,
    inode: object.inode,
    links: object.links,
    shmid: object.shmid,
    key: object.key,
    ipcNamespace: object.ipcNamespace,
    mountNamespace: object.mountNamespace,
    onDisk: safe(object.onDisk),
    sizeBytes: object.sizeBytes,
    rssBytes: object.rssBytes,
    swapBytes: object.swapBytes,
    allocatedBytes: object.allocatedBytes,
    hugePageBytes: object.hugePageBytes,
    nattch: object.nattch,
    perms: object.perms,
    status: object.status,
    uid: object.uid,
    user: safe(object.user),
    gid: object.gid,
    group: safe(object.group),
    cuid: object.cuid,
    cgid: object.cgid,
    creator: object.creator && jsonOfMaker(object.creator),
    lastUser: object.lastUser && jsonOfMaker(object.lastUser),
    atime: isoTime(object.atimeSec),
    dtime: isoTime(object.dtimeSec),
    ctime: isoTime(object.ctimeSec),
    mtime: isoTime(object.mtimeSec),
    btime: isoTime(object.btimeSec),
    holders: object.holders.map(jsonOfHolder),
    hiddenMappings: object.hiddenMappings,
    software: object.software && {
      name: object.software.name,
      role: object.software.role,
      outlives: object.software.outlives,
      removalBreaks: object.software.removalBreaks,
      cleanup: object.software.cleanup,
      source: object.software.source,
    },
    container: jsonOfContainer(object.container),
    verdict: { state: object.verdict.state, evidence: object.verdict.evidence.map(jsonOfEvidence) },
  };
}

export function jsonOfMaker({ pid, state, comm }: Maker): Json {
  return { pid, state, comm: escaped(comm) };
}

export function jsonOfHolder(holder: Holder): Json {
  return {
    pid: holder.pid,
    startTicks: holder.startTicks,
    comm: escaped(holder.comm),
    uid: holder.uid,
    user: safe(holder.user),
    mappings: holder.mappings.map(jsonOfMapping),
    fds: holder.fds,
    ipcNamespace: holder.ipcNamespace,
    container: jsonOfContainer(holder.container),
  };
}

export function jsonOfMapping({ start, end, perms }: Mapping): Json {
  return { start: `0x${start.toString(16)}`, end: `0x${end.toString(16)}`, perms };
}

export function jsonOfContainer(container: Container | undefined): Json | undefined {
  return container && { id: safeText(container.id), name: safe(container.name), runtime: safeText(container.runtime) };
}

function jsonOfEvidence(evidence: Evidence): Json {
  return {
    code: evidence.code,
    text: evidenceText(evidence),
    pid: evidence.pid,
    comm: escaped(evidence.comm),
    count: evidence.count,
    seconds: evidence.seconds,
    limitSeconds: evidence.limitSeconds,
    software: evidence.software,
    detail: safe(evidence.detail),
  };
}

/** What stands before `objects` in `ls --json`, and at the top of `ps --json`. */
export function jsonOfSituation({ takenAtMs, host, visibility }: Snapshot): Json {
  return {
    schemaVersion: SCHEMA_VERSION,
    takenAt: new Date(takenAtMs).toISOString(),
    host: {
      hostname: safeText(host.hostname),
      kernel: safeText(host.kernel),
      ipcNamespace: host.ipcNamespace,
      pidNamespace: host.pidNamespace,
      user: safeText(host.user),
      uid: host.uid,
    },
    visibility: {
      processes: visibility.processes,
      inspected: visibility.inspected,
      complete: visibility.complete,
      gaps: visibility.gaps.map(jsonOfGap),
    },
  };
}

export function jsonOfGap({ source, reason, count, pids, detail }: Gap): Json {
  return { source, reason, count, pids, detail: safe(detail) };
}

export function jsonOfLimits(limits: Limits): Json {
  const { shmmni, shmall, shmmax, segments, pages, pageSizeBytes, shmRmidForced } = limits;
  return {
    shmmni,
    shmall,
    shmmax,
    segments,
    pages,
    pageSizeBytes,
    shmRmidForced,
    mounts: limits.mounts.map(({ path, device, sizeBytes, usedBytes, inodes, inodesUsed, unlisted }) => ({
      path: safeText(path),
      device,
      sizeBytes,
      usedBytes,
      inodes,
      inodesUsed,
      unlisted,
    })),
  };
}

/** The whole of `ls --json`; slow but plain: what `json-stream.ts` writes must say the same. */
export function jsonOfSnapshot(snapshot: Snapshot): Json {
  return {
    ...jsonOfSituation(snapshot),
    limits: jsonOfLimits(snapshot.limits),
    objects: snapshot.objects.map(jsonOfObject),
    gaps: snapshot.gaps.map(jsonOfGap),
  };
}

/** What `show --json` adds to an object. */
export function jsonOfRemoval({ outcome, call, freedBytes, holderPids, text }: RemovalEffect): Json {
  return { outcome, call, freedBytes, holderPids, text: text.join(' ') };
}
