// What counts against a limit: which objects fill it.
import type { Ceiling } from './ceilings.ts';
import { isOnMount, type ShmObject } from './object.ts';

/** The objects that count against one limit. */
export interface Scope {
  readonly ceiling: Ceiling;
  /** Of whoever looks: limits of System V are those of one IPC namespace. Absent: not known, all count. */
  readonly ownNamespace?: string;
}

/** Does the object take some of it? */
export function isCounted({ ceiling, ownNamespace }: Scope, object: ShmObject): boolean {
  const { kind, device, onDisk, ipcNamespace, hugePageBytes } = object;
  switch (ceiling.kind) {
    case 'shmem':
      return onDisk === undefined;
    case 'segments':
    case 'pages':
    case 'largest':
      return kind === 'sysv' && (ownNamespace === undefined || ipcNamespace === ownNamespace);
    case 'mount-bytes':
    case 'mount-inodes':
      return device === ceiling.mount.device && isOnMount(object);
    case 'namespace-segments':
    case 'namespace-pages':
      return kind === 'sysv' && ipcNamespace === ceiling.namespace.id;
    case 'huge-pages':
      return hugePageBytes !== undefined && hugePageBytes === Number(ceiling.of);
    case 'semaphore-sets':
    case 'semaphores':
    case 'queues':
    case 'group':
      return false;
  }
}

/** Do objects fill it at all? Semaphores and queues of System V are none, and who touched a page first is not known of an object. */
export function hasObjects({ kind }: Ceiling): boolean {
  return kind !== 'semaphore-sets' && kind !== 'semaphores' && kind !== 'queues' && kind !== 'group';
}
