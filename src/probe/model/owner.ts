// Whose memory it is: the owner of an object by what is asked for. How much each has: account/sum-by.ts.
import { containerKey, isOnMount, type ShmObject } from './object.ts';

/**
 * What tells owners apart: user id, software, container, IPC namespace, the file system that a name lies on, pod, systemd unit or batch job
 * of the holders. `owner`: what says most of it: container, else software, else a service, else user.
 */
export type OwnerKind = 'owner' | 'user' | 'software' | 'container' | 'namespace' | 'mount' | 'pod' | 'unit' | 'job';
export const OWNER_KINDS: readonly OwnerKind[] = [
  'owner',
  'user',
  'software',
  'container',
  'namespace',
  'mount',
  'pod',
  'unit',
  'job',
];

/** The owner of objects that are held in more than one IPC namespace and live in none, or in more than one unit or job. */
export const SEVERAL = 'several';

/** What an object and all others of its owner have in common; absent: it has none of that kind, or none that is known. */
export function ownerKey(object: ShmObject, by: OwnerKind): string | undefined {
  switch (by) {
    case 'owner': {
      const kind = bestKind(object);
      return kind && `${kind}:${ownerKey(object, kind)}`;
    }
    case 'user':
      return object.uid?.toString() ?? object.user;
    case 'software':
      return object.software?.name;
    case 'container':
      return object.container && containerKey(object.container);
    case 'namespace':
      return object.ipcNamespace ?? namespaceOfHolders(object);
    case 'mount':
      return isOnMount(object) ? object.device : undefined;
    case 'pod':
      return object.container?.podUid;
    case 'unit':
    case 'job':
      return ofHolders(object, by);
  }
}

/** The kind of owner that says most of whose it is; absent: nothing is known. A login is less than the person. */
export function bestKind(object: ShmObject): OwnerKind | undefined {
  return BEST_FIRST.find((kind) => {
    const key = ownerKey(object, kind);
    return key !== undefined && (kind !== 'unit' || (key.endsWith('.service') && !key.startsWith('user@')));
  });
}

const BEST_FIRST = ['container', 'software', 'unit', 'user'] as const;

const namespaceOfHolders = (object: ShmObject) => ofHolders(object, 'ipcNamespace');

function ofHolders({ holders }: ShmObject, field: 'ipcNamespace' | 'unit' | 'job'): string | undefined {
  const found = new Set(holders.flatMap((holder) => holder[field] ?? []));
  return found.size > 1 ? SEVERAL : [...found][0];
}
