// What counts against a limit: which objects fill it.
import type { Ceiling } from './ceilings.ts';
import type { ShmObject } from './object.ts';

/** The objects that count against one limit. */
export interface Scope {
  readonly ceiling: Ceiling;
  /** Of whoever looks: limits of System V are those of one IPC namespace. Absent: not known, all count. */
  readonly ownNamespace?: string;
}

/** Does the object take some of it? */
export function isCounted({ ceiling, ownNamespace }: Scope, object: ShmObject): boolean {
  const { kind, device, onDisk, ipcNamespace } = object;
  switch (ceiling.kind) {
    case 'shmem':
      return onDisk === undefined;
    case 'segments':
    case 'pages':
    case 'largest':
      return kind === 'sysv' && (ownNamespace === undefined || ipcNamespace === ownNamespace);
    case 'mount-bytes':
    case 'mount-inodes':
      return device === ceiling.mount.device && kind !== 'sysv' && kind !== 'memfd' && kind !== 'anonymous';
  }
}
