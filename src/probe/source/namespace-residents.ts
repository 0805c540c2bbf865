// Who lives in the other IPC and mount namespaces: the container that owns what nobody holds there.
import { sharedContainer } from '../model/assemble/assemble-holders.ts';
import type { ShmPlace } from '../model/join/shm-place.ts';
import type { Container } from '../model/object.ts';
import { type Namespaces, severalOfOthers } from './namespaces.ts';

/** Containers of a pod share one; more than its first few processes tell nothing new. */
const MOST_ASKED = 4;

export class NamespaceResidents {
  readonly #namespaces: Namespaces;
  readonly #containerOf: (pid: number) => Container | undefined;
  readonly #named: (container: Container) => Container;
  readonly #found = new Map<string, Container | undefined>();
  #ipc: ReadonlyMap<string, readonly number[]> | undefined;
  #mount: ReadonlyMap<string, readonly number[]> | undefined;

  /** `containerOf`: of a process in other mounts than ours. `named`: with its name, where that is known. */
  constructor(
    namespaces: Namespaces,
    containerOf: (pid: number) => Container | undefined,
    named: (container: Container) => Container,
  ) {
    this.#named = named;
    this.#namespaces = namespaces;
    this.#containerOf = containerOf;
  }

  /** The one in which all that were asked are; undefined for our own namespace, and for one of no container. */
  readonly ofIpc = (namespace: string | undefined): Container | undefined => {
    const { ownIpc, ipcOf } = this.#namespaces;
    if (namespace === undefined || namespace === ownIpc) return undefined;
    return this.#of(namespace, () => (this.#ipc ??= severalOfOthers(ownIpc, ipcOf, MOST_ASKED)));
  };

  /** Of the mount namespace that shows it; or for whom an engine made it. */
  readonly ofPlace = ({ mountNamespace: namespace, container }: ShmPlace): Container | undefined => {
    const { ownMount, mountOf } = this.#namespaces;
    if (container) return this.#named(container);
    if (namespace === undefined || namespace === ownMount) return undefined;
    return this.#of(namespace, () => (this.#mount ??= severalOfOthers(ownMount, mountOf, MOST_ASKED)));
  };

  /** Numbers of namespaces are never those of another kind (proc_alloc_inum). */
  #of(namespace: string, pidsBy: () => ReadonlyMap<string, readonly number[]>): Container | undefined {
    if (!this.#found.has(namespace)) {
      const pids = pidsBy().get(namespace) ?? [];
      this.#found.set(namespace, pids.length === 0 ? undefined : sharedContainer(pids.map(this.#containerOf)));
    }
    return this.#found.get(namespace);
  }
}
