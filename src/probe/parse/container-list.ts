// What a container engine says runs: its names by id. Every text in it was chosen by whoever may start containers, or by who passes for
// the engine.
import { type ContainerFacts, parseDockerRecord } from './container-record.ts';

/** As many characters of an id as a control group is shown with (parse/cgroup-step.ts). */
const ID_LENGTH = 12;
const ID = /^[0-9a-f]{64}$/;

/**
 * Name and image by the first 12 characters of the id. Whatever is no id or no name is left out, and so is an id that is there under two
 * names: whose it is nobody can tell.
 */
export function parseContainerList(list: readonly unknown[]): ReadonlyMap<string, ContainerFacts> {
  const found = new Map<string, ContainerFacts>();
  const doubtful = new Set<string>();
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('name' in entry)) continue;
    const { id, name } = entry;
    if (typeof id !== 'string' || !ID.test(id) || typeof name !== 'string' || name.startsWith('/')) continue;
    const facts = parseDockerRecord({ Name: name, Config: { Image: 'image' in entry ? entry.image : undefined } });
    if (facts.name === undefined) continue;
    const short = id.slice(0, ID_LENGTH);
    if ((found.get(short)?.name ?? name) !== name) doubtful.add(short);
    found.set(short, facts);
  }
  for (const short of doubtful) found.delete(short);
  return found;
}
