// An IPC namespace in words: who lives in it, what keeps it.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { NamespaceFacts } from '../../probe/model/namespace-facts.ts';
import { formatContainer, formatPod } from './container-text.ts';
import { safeText } from './safe-text.ts';

/** `4026532001 (web)`: its number, and the container, pod, unit or process that it is of. */
export function namespaceName(namespace: NamespaceFacts): string {
  const whose = namespace.isOwn ? 'ours' : residentName(namespace);
  return whose === undefined ? namespace.id : `${namespace.id} (${whose})`;
}

function residentName({ container, unit, resident, keptBy }: NamespaceFacts): string | undefined {
  if (keptBy === 'mount') return 'kept by a mount';
  const process = resident && `${resident.comm === undefined ? '?' : escapeBytes(resident.comm)}[${resident.pid}]`;
  if (keptBy === 'descriptor') return process === undefined ? 'kept by a descriptor' : `kept open by ${process}`;
  if (container) return (container.runtime === 'pod' ? formatPod(container) : undefined) ?? formatContainer(container);
  return unit === undefined ? process : safeText(unit);
}
