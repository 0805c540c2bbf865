// What only the whole look knows, for names of owners: the same in the tree of objects and on the Where screen.
import type { Surroundings } from '../format/owner-words.ts';
import type { Data } from './data.ts';

export const surroundingsOf = (head: Data['head'], limits = head?.limits): Surroundings => ({
  ownNamespace: head?.host.ipcNamespace,
  mounts: limits?.mounts ?? [],
  namespaces: head?.namespaces,
});
