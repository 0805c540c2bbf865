// The parts of objects and snapshots as the JSON that docs/reference.md promises: absent left out, names escaped.
// The types of what these give are what the JSON Schema is compared with (schema/).
import { base64OfBytes } from '../probe/model/base64.ts';
import { type ByteString, escapeBytes, utf8Bytes } from '../probe/model/bytes.ts';
import type { Gap } from '../probe/model/gap.ts';
import { type Evidence, evidenceSide, evidenceText } from '../probe/model/judge/evidence.ts';
import type { RemovalEffect } from '../probe/model/judge/removal-effect.ts';
import type { NamespaceFacts } from '../probe/model/namespace-facts.ts';
import type { Container, Holder, Maker, Mapping, SoftwareMatch, Verdict } from '../probe/model/object.ts';
import type { Placement } from '../probe/model/placement.ts';
import type { Limits, Snapshot } from '../probe/model/snapshot.ts';
import { safeText } from '../ui/format/safe-text.ts';

/** Raised when a field is renamed or changes its meaning; adding fields is no such change. 2: `abandoned` is proven, else `orphaned`. */
export const SCHEMA_VERSION = 2 as const;

/** Fields that are `undefined` are left out by JSON.stringify. */
export type Json = { readonly [field: string]: unknown };

const escaped = (raw: ByteString | undefined) => (raw === undefined ? undefined : escapeBytes(raw));
const safe = (text: string | undefined) => (text === undefined ? undefined : safeText(text));

/** Base64 of the raw bytes where the shown name is not simply their UTF-8; else absent. */
export function nameBytesOf(raw: ByteString, shown: string): string | undefined {
  return shown === raw || utf8Bytes(shown) === raw ? undefined : base64OfBytes(raw);
}

export function jsonOfMaker({ pid, state, comm }: Maker) {
  return { pid, state, comm: escaped(comm) };
}

export function jsonOfHolder(holder: Holder) {
  return {
    pid: holder.pid,
    startTicks: holder.startTicks,
    comm: escaped(holder.comm),
    uid: holder.uid,
    user: safe(holder.user),
    mappings: holder.mappings.map(jsonOfMapping),
    fds: holder.fds,
    ipcNamespace: holder.ipcNamespace,
    container: holder.container && jsonOfContainer(holder.container),
    unit: safe(holder.unit),
    job: safe(holder.job),
  };
}

export function jsonOfMapping({ start, end, perms }: Mapping) {
  return { start: `0x${start.toString(16)}`, end: `0x${end.toString(16)}`, perms };
}

export function jsonOfContainer({ id, name, runtime, uid, within, image, compose, ...of }: Container) {
  return {
    id: safeText(id),
    name: safe(name),
    runtime: safeText(runtime),
    uid,
    within: safe(within),
    image: safe(image),
    compose: safe(compose),
    podUid: safe(of.podUid),
    pod: safe(of.pod),
    podNamespace: safe(of.podNamespace),
  };
}

export function jsonOfSoftware({ name, role, outlives, removalBreaks, cleanup, source }: SoftwareMatch) {
  return { name, role, outlives, removalBreaks, cleanup, source };
}

export function jsonOfVerdict({ state, evidence }: Verdict) {
  return { state, evidence: evidence.map(jsonOfEvidence) };
}

export function jsonOfEvidence(evidence: Evidence) {
  return {
    code: evidence.code,
    side: evidenceSide(evidence),
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
export function jsonOfSituation({ takenAtMs, host, visibility }: Snapshot) {
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

export function jsonOfGap({ source, reason, count, pids, detail }: Gap) {
  return { source, reason, count, pids, detail: safe(detail) };
}

export function jsonOfLimits(limits: Limits) {
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

export function jsonOfNamespace({ id, isOwn, keptBy, processes, resident, container, unit, ...of }: NamespaceFacts) {
  const { shmmni, shmall, shmmax, segments, pages, mounts } = of;
  return {
    id,
    isOwn,
    keptBy,
    processes,
    resident: resident && { ...resident, comm: escaped(resident.comm) },
    container: container && jsonOfContainer(container),
    unit: safe(unit),
    shmmni,
    shmall,
    shmmax,
    segments,
    pages,
    mounts: mounts.map(({ path, device }) => ({ path: safeText(path), device })),
  };
}

/** What `show --placement --json` adds to an object. */
export const jsonOfPlacement = ({ ranges }: Placement) =>
  ranges.map(({ pid, start, nodes, pageBytes, pssBytes }) => ({
    pid,
    start: `0x${start.toString(16)}`,
    nodes,
    pageBytes,
    pssBytes,
  }));

/** What `show --json` adds to an object. */
export function jsonOfRemoval({ outcome, call, freedBytes, holderPids, text }: RemovalEffect) {
  return { outcome, call, freedBytes, holderPids, text: text.join(' ') };
}
