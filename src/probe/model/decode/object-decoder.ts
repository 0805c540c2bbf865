// An object, a holder, a verdict out of a recording: each field typed and ranged, with all that the kernel can produce.

import { EVIDENCE_CODES, type Evidence } from '../judge/evidence.ts';
import {
  type Container,
  ENTRY_TYPES,
  type Holder,
  KINDS,
  MAKER_STATES,
  type Maker,
  type Mapping,
  MEMORY_FILE_SYSTEMS,
  type ShmObject,
  type SoftwareMatch,
  STATUSES,
  VERDICT_STATES,
  type Verdict,
} from '../object.ts';
import { flag, integer, list, oneOf, optional, record, text } from './decode.ts';
import {
  anyUserId,
  count,
  device,
  foreignName,
  key,
  namespaceId,
  objectId,
  perms,
  pid,
  rawBytes,
  rawComm,
  seconds,
  shortId,
  shownText,
} from './decode-words.ts';

export const container = record<Container>({
  id: foreignName,
  name: optional(foreignName),
  runtime: foreignName,
  uid: optional(anyUserId),
  within: optional(foreignName),
  image: optional(foreignName),
  compose: optional(foreignName),
  podUid: optional(foreignName),
  pod: optional(foreignName),
  podNamespace: optional(foreignName),
});

const maker = record<Maker>({ pid: optional(pid), state: oneOf(MAKER_STATES), comm: optional(rawComm) });

const mapping = record<Mapping>({ start: count, end: count, perms: text(4, /^[r-][w-][x-][sp]$/) });

const holder = record<Holder>({
  pid,
  startTicks: optional(count),
  comm: optional(rawComm),
  uid: optional(anyUserId),
  user: optional(foreignName),
  mappings: list(mapping),
  fds: list(integer(0, 2 ** 31 - 1)),
  ipcNamespace: optional(namespaceId),
  container: optional(container),
  unit: optional(foreignName),
  job: optional(foreignName),
});

const software = record<SoftwareMatch>({
  name: shownText,
  role: shownText,
  outlives: flag,
  removalBreaks: optional(shownText),
  cleanup: optional(shownText),
  source: shownText,
});

const evidence = record<Evidence>({
  code: oneOf(EVIDENCE_CODES),
  pid: optional(pid),
  comm: optional(rawComm),
  count: optional(count),
  seconds: optional(seconds),
  limitSeconds: optional(seconds),
  software: optional(shownText),
  detail: optional(shownText),
});

const verdict = record<Verdict>({ state: oneOf(VERDICT_STATES), evidence: list(evidence) });

export const shmObject = record<ShmObject>({
  id: objectId,
  shortId,
  kind: oneOf(KINDS),
  rawName: rawBytes,
  otherRawNames: optional(list(rawBytes)),
  rawPath: optional(rawBytes),
  mountNamespace: optional(namespaceId),
  rootInode: optional(count),
  onDisk: optional(foreignName),
  onMemory: optional(oneOf(MEMORY_FILE_SYSTEMS)),
  type: optional(oneOf(ENTRY_TYPES)),
  shmid: optional(count),
  key: optional(key),
  ipcNamespace: optional(namespaceId),
  device: optional(device),
  inode: optional(count),
  links: optional(count),
  sizeBytes: optional(count),
  rssBytes: optional(count),
  swapBytes: optional(count),
  allocatedBytes: optional(count),
  hugePageBytes: optional(count),
  nattch: optional(count),
  perms: optional(perms),
  status: list(oneOf(STATUSES), STATUSES.length),
  uid: optional(anyUserId),
  user: optional(foreignName),
  gid: optional(anyUserId),
  group: optional(foreignName),
  cuid: optional(anyUserId),
  cgid: optional(anyUserId),
  creator: optional(maker),
  lastUser: optional(maker),
  atimeSec: optional(seconds),
  dtimeSec: optional(seconds),
  ctimeSec: optional(seconds),
  mtimeSec: optional(seconds),
  btimeSec: optional(seconds),
  holders: list(holder),
  hiddenMappings: optional(count),
  software: optional(software),
  container: optional(container),
  verdict,
});
