// Names of containers, their images and pods as engines wrote them down: for whoever looks once, and for the thread that looks in the
// background. No engine is asked, and nothing is believed that somebody beside root can have written.
import { readdirSync } from 'node:fs';
import { withFolder } from '../../files/folder.ts';
import { readTrustedText } from '../../files/text-file.ts';
import type { Container } from '../model/object.ts';
import { once } from '../model/once.ts';
import {
  type ContainerFacts,
  parseBundle,
  parseDockerRecord,
  parseJson,
  parseLogName,
  parsePodFolder,
  parseStorageList,
} from '../parse/container-record.ts';

/** Environment and labels stand in a record too: who starts a container chooses how long they are. */
const MOST_RECORD_BYTES = 256 * 1024;
/** Thousands of containers and images. */
const MOST_LIST_BYTES = 4 * 1024 * 1024;
/** Hundreds of containers; what is beyond has its id. */
const MOST_MS = 50;

/** Where engines keep what they know; folders that only root may read, mostly: other users see no names. */
const PLACES = {
  docker: '/var/lib/docker/containers',
  /** Of podman and CRI-O, by storage driver. */
  storage: ['overlay-containers', 'vfs-containers', 'btrfs-containers', 'zfs-containers'].map(
    (driver) => `/var/lib/containers/storage/${driver}`,
  ),
  /** A folder for each namespace (k8s.io, default), in which each task has its bundle. */
  containerd: ['/run/containerd/io.containerd.runtime.v2.task', '/run/k3s/containerd/io.containerd.runtime.v2.task'],
  logs: '/var/log/containers',
  pods: '/var/log/pods',
};

export interface ContainerRecordsOptions {
  /** Before each of the places. */
  readonly root?: string;
  /** For all that is asked of it. */
  readonly mostMs?: number;
}

export class ContainerRecords {
  readonly #root: string;
  readonly #mostMs: number;
  readonly #ids = new Map<string, readonly string[]>();
  readonly #known = new Map<string, ContainerFacts>();
  readonly #storage: () => ReadonlyMap<string, ContainerFacts>;
  readonly #logs: () => ReadonlyMap<string, ContainerFacts>;
  readonly #pods: () => ReadonlyMap<string, ContainerFacts>;
  #spentMs = 0;

  constructor({ root = '', mostMs = MOST_MS }: ContainerRecordsOptions = {}) {
    this.#root = root;
    this.#mostMs = mostMs;
    this.#storage = once(() => this.#readStorage());
    this.#logs = once(() => new Map(this.#list(PLACES.logs).flatMap((name) => pair(parseLogName(name)))));
    this.#pods = once(() => new Map(this.#list(PLACES.pods).flatMap((name) => pair(parsePodFolder(name)))));
  }

  /** With its name, where somebody wrote it down and we may read that; each container costs some small files, once. */
  readonly nameContainer = (container: Container): Container => {
    if (!isRecorded(container)) return container;
    const { id, podUid } = container;
    let facts = this.#known.get(id);
    if (!facts) {
      if (this.#spentMs > this.#mostMs) return container;
      const startedMs = performance.now();
      facts = this.#factsOf(container, podUid);
      this.#known.set(id, facts);
      this.#spentMs += performance.now() - startedMs;
    }
    return withFacts(container, facts);
  };

  #factsOf({ id, runtime }: Container, podUid: string | undefined): ContainerFacts {
    return { ...this.#recordOf(id, runtime), ...(podUid === undefined ? {} : this.#podOf(id, podUid)) };
  }

  #recordOf(id: string, runtime: string): ContainerFacts {
    switch (runtime) {
      case 'docker':
        return this.#inFolder(PLACES.docker, id, 'config.v2.json', parseDockerRecord);
      case 'podman':
      case 'crio':
        return oneOf(this.#storage(), id);
      case 'containerd':
      case 'nerdctl':
        return this.#bundleOf(id);
      case 'kubernetes': {
        const found = this.#bundleOf(id);
        return found.name === undefined ? oneOf(this.#storage(), id) : found;
      }
      default:
        return {};
    }
  }

  /** kubelet names pods by the same words, whatever runs them. */
  #podOf(id: string, podUid: string): ContainerFacts {
    return { ...this.#pods().get(podUid), ...oneOf(this.#logs(), id) };
  }

  #bundleOf(id: string): ContainerFacts {
    for (const top of PLACES.containerd) {
      for (const namespace of this.#list(top)) {
        const found = this.#inFolder(`${top}/${namespace}`, id, 'config.json', parseBundle);
        if (Object.keys(found).length > 0) return found;
      }
    }
    return {};
  }

  #inFolder(folder: string, id: string, file: string, parse: (record: unknown) => ContainerFacts): ContainerFacts {
    const [whole, another] = this.#list(folder).filter((each) => each.startsWith(id));
    if (whole === undefined || another !== undefined) return {};
    const text = readTrustedText(`${this.#root}${folder}/${whole}/${file}`, MOST_RECORD_BYTES);
    return typeof text === 'string' ? parse(parseJson(text)) : {};
  }

  #readStorage(): ReadonlyMap<string, ContainerFacts> {
    const all = new Map<string, ContainerFacts>();
    for (const place of PLACES.storage) {
      const text = readTrustedText(`${this.#root}${place}/containers.json`, MOST_LIST_BYTES);
      if (typeof text !== 'string') continue;
      for (const [id, facts] of parseStorageList(parseJson(text))) all.set(id, facts);
    }
    return all;
  }

  /** Names in a folder of root's. */
  #list(folder: string): readonly string[] {
    let names = this.#ids.get(folder);
    if (!names) {
      names = namesIn(`${this.#root}${folder}`);
      this.#ids.set(folder, names);
    }
    return names;
  }
}

/** What records can be of: an engine of root's, on this machine, that calls its containers by numbers. */
export const isRecorded = ({ id, name, uid, within }: Container): boolean =>
  name === undefined && uid === undefined && within === undefined && /^[0-9a-f]{12}$/.test(id);

/** What a control group says stays: the pod that a container is in is decided by whoever put it there. */
export function withFacts(container: Container, facts: ContainerFacts | undefined): Container {
  if (facts === undefined) return container;
  // Processes of one group share its container: it stays one object, which is compared fast.
  const known = named.get(container);
  if (known?.facts === facts) return known.container;
  const made = { ...facts, ...container };
  named.set(container, { facts, container: made });
  return made;
}

const named = new WeakMap<Container, { readonly facts: ContainerFacts; readonly container: Container }>();

/** Undefined names are no names: an id that two begin with is nobody's. */
function oneOf(all: ReadonlyMap<string, ContainerFacts>, id: string): ContainerFacts {
  const [found, another] = [...all].filter(([whole]) => whole.startsWith(id));
  return found && !another ? found[1] : {};
}

function pair(
  parsed: ({ readonly facts: ContainerFacts } & ({ readonly id: string } | { readonly uid: string })) | undefined,
) {
  if (!parsed) return [];
  return [['id' in parsed ? parsed.id : parsed.uid, parsed.facts] as const];
}

function namesIn(path: string): readonly string[] {
  try {
    const names = withFolder(path, { owner: 'safe' }, (folder) => readdirSync(folder.at('.')));
    return 'refusal' in names ? [] : names;
  } catch {
    return []; // EACCES: may be passed through, but not listed
  }
}
