// How owners of memory are called: in rows, titles and counts.
import type { NamespaceFacts } from '../../probe/model/namespace-facts.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { bestKind, type OwnerKind, ownerKey, SEVERAL } from '../../probe/model/owner.ts';
import type { ShmMount, Snapshot } from '../../probe/model/snapshot.ts';
import { formatContainer, formatPod } from './container-text.ts';
import { namespaceName } from './namespace-words.ts';
import { safeText } from './safe-text.ts';

/** What only the whole snapshot knows. */
export interface Surroundings {
  /** Our own IPC namespace; absent where /proc does not tell. */
  readonly ownNamespace?: string;
  readonly mounts: readonly ShmMount[];
  /** With who lives in them; absent: not asked for. */
  readonly namespaces?: readonly NamespaceFacts[];
}

/** What only the whole look knows, for names of owners: the same in the tree of objects, on the Where screen and in `summary`. */
export const surroundingsOf = (
  head: Pick<Snapshot, 'host' | 'limits' | 'namespaces'> | undefined,
  limits = head?.limits,
): Surroundings => ({
  ownNamespace: head?.host.ipcNamespace,
  mounts: limits?.mounts ?? [],
  namespaces: head?.namespaces,
});

export const OWNER_WORDS: Readonly<Record<OwnerKind, { readonly one: string; readonly many: string }>> = {
  owner: { one: 'owner', many: 'owners' },
  user: { one: 'user', many: 'users' },
  software: { one: 'software', many: 'kinds of software' },
  container: { one: 'container', many: 'containers' },
  namespace: { one: 'IPC namespace', many: 'IPC namespaces' },
  mount: { one: 'mount', many: 'mounts' },
  pod: { one: 'pod', many: 'pods' },
  unit: { one: 'unit', many: 'units' },
  job: { one: 'job', many: 'jobs' },
};

/** The name of the owner of an object, escaped; in words where it has none of that kind. */
export function ownerLabel(
  object: ShmObject,
  by: OwnerKind,
  { ownNamespace, mounts, namespaces = [] }: Surroundings,
): string {
  switch (by) {
    case 'owner': {
      const kind = bestKind(object);
      return kind ? ownerLabel(object, kind, { ownNamespace, mounts }) : 'owner unknown';
    }
    case 'software':
      return object.software?.name ?? 'not recognised';
    case 'user': {
      const user = object.user ?? object.uid?.toString();
      return user === undefined ? 'owner unknown' : safeText(user);
    }
    case 'container':
      return object.container ? formatContainer(object.container) : 'no container known';
    case 'namespace': {
      const namespace = ownerKey(object, by);
      if (namespace === undefined) return 'no IPC namespace known (files)';
      if (namespace === SEVERAL) return 'several IPC namespaces (files)';
      if (namespace === ownNamespace) return `${namespace} (ours)`;
      const facts = namespaces.find(({ id }) => id === namespace);
      return facts ? namespaceName(facts) : namespace;
    }
    case 'mount':
      return mountLabel(object, mounts);
    case 'pod':
      return (object.container && formatPod(object.container)) ?? 'no pod';
    case 'unit':
    case 'job': {
      const found = ownerKey(object, by);
      if (found === SEVERAL) return `several ${OWNER_WORDS[by].many}`;
      return found === undefined ? `no ${by}` : safeText(found);
    }
  }
}

function mountLabel(object: ShmObject, mounts: readonly ShmMount[]): string {
  const device = ownerKey(object, 'mount');
  if (device === undefined) return 'no mount (segments, memfds, anonymous)';
  const [first, ...others] = mounts.filter((mount) => mount.device === device);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return first ? `${safeText(first.path)}${more}` : `${safeText(object.onDisk ?? 'file system')} ${device}`;
}
