// What a container engine says runs: its names by id. Every text in it was chosen by whoever may start containers, or by who passes for
// the engine.

/** As many characters of an id as a control group is shown with (parse/cgroup.ts). */
const ID_LENGTH = 12;
const ID = /^[0-9a-f]{64}$/;
/** As the engine makes them (RestrictedNameChars, daemon/names/names.go of moby); it sets no length, a host name has up to 253. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}$/;

/**
 * Name by the first 12 characters of the id. Whatever is no id or no name is left out, and so is an id that is there under two names:
 * whose it is nobody can tell.
 */
export function parseContainerList(list: readonly unknown[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('name' in entry)) continue;
    const { id, name } = entry;
    if (typeof id !== 'string' || typeof name !== 'string' || !ID.test(id) || !NAME.test(name)) continue;
    const short = id.slice(0, ID_LENGTH);
    if ((names.get(short) ?? name) !== name) doubtful.add(short);
    names.set(short, name);
  }
  for (const short of doubtful) names.delete(short);
  return names;
}
