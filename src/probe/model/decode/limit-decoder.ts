// IPC namespaces and limits out of a recording.
import { NAMESPACE_KEEPERS, type NamespaceFacts, type NamespaceResident } from '../namespace-facts.ts';
import { OTHER_LIMIT_KINDS, type OtherLimit } from '../other-limits.ts';
import { flag, list, oneOf, optional, record } from './decode.ts';
import { anyUserId, count, decimal, device, foreignName, namespaceId, pid, rawComm } from './decode-words.ts';
import { container } from './object-decoder.ts';

export const namespaceFacts = record<NamespaceFacts>({
  id: namespaceId,
  isOwn: flag,
  keptBy: oneOf(NAMESPACE_KEEPERS),
  processes: count,
  resident: optional(
    record<NamespaceResident>({ pid, innerPid: optional(pid), comm: optional(rawComm), uid: optional(anyUserId) }),
  ),
  container: optional(container),
  unit: optional(foreignName),
  shmmni: optional(decimal),
  shmall: optional(decimal),
  shmmax: optional(decimal),
  segments: count,
  pages: count,
  mounts: list(record<NamespaceFacts['mounts'][number]>({ path: foreignName, device })),
});

export const otherLimit = record<OtherLimit>({
  kind: oneOf(OTHER_LIMIT_KINDS),
  of: optional(foreignName),
  used: count,
  limit: optional(count),
  shmemBytes: optional(count),
});
