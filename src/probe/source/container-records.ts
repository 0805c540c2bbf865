// Names of containers as docker wrote them down, for whoever looks once and cannot wait for an answer of the daemon.
import { readdirSync } from 'node:fs';
import { withFolder } from '../../files/folder.ts';
import { readTrustedText } from '../../files/text-file.ts';
import type { Container } from '../model/object.ts';
import { once } from '../model/once.ts';
import { parseContainerList } from '../parse/container-list.ts';

/** A folder for each container, named by its id; root's, mode 0700: other users see no names. */
const FOLDER = '/var/lib/docker/containers';
/** Environment and labels stand in it too: who starts a container chooses how long they are. */
const MOST_RECORD_BYTES = 256 * 1024;
/** Hundreds of them; what is beyond has its id. */
const MOST_MS = 50;

export class ContainerRecords {
  readonly #folder: string;
  readonly #ids: () => readonly string[];
  readonly #names = new Map<string, string | undefined>();
  #spentMs = 0;

  constructor(folder = FOLDER) {
    this.#folder = folder;
    this.#ids = once(() => idsIn(folder));
  }

  /** With its name, where docker knows it and we may read that; each container costs one small file, once. */
  readonly nameContainer = (container: Container): Container => {
    const { id, runtime } = container;
    if (runtime !== 'docker' || container.name !== undefined) return container;
    if (!this.#names.has(id)) this.#names.set(id, this.#nameOf(id));
    const name = this.#names.get(id);
    return name === undefined ? container : { id, name, runtime };
  };

  #nameOf(id: string): string | undefined {
    if (this.#spentMs > MOST_MS) return undefined;
    const startedMs = performance.now();
    const [whole, another] = this.#ids().filter((each) => each.startsWith(id));
    const isOne = whole !== undefined && another === undefined;
    const name = isOne ? recordedName(`${this.#folder}/${whole}/config.v2.json`, whole).get(id) : undefined;
    this.#spentMs += performance.now() - startedMs;
    return name;
  }
}

function idsIn(path: string): readonly string[] {
  try {
    const ids = withFolder(path, { owner: 'safe' }, (folder) => readdirSync(folder.at('.')));
    return 'refusal' in ids ? [] : ids;
  } catch {
    return []; // EACCES: may be passed through, but not listed
  }
}

/** `Name` of the record, which begins with a slash. */
function recordedName(path: string, id: string): ReadonlyMap<string, string> {
  const text = readTrustedText(path, MOST_RECORD_BYTES);
  try {
    const record: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    const name = typeof record === 'object' && record !== null && 'Name' in record ? record.Name : undefined;
    return parseContainerList([{ id, name: typeof name === 'string' ? name.replace(/^\//, '') : undefined }]);
  } catch {
    return new Map(); // SyntaxError: it is being written
  }
}
