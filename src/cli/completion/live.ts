// What is there now, one a line, for completions: as `ls` prints it, so that what a shell inserts is taken back.
import { OBJECT_FIELDS } from '../../filter/object-filter.ts';
import type { Container, ShmObject } from '../../probe/model/object.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import { formatContainer, formatPod } from '../../ui/format/container-text.ts';
import { safeText } from '../../ui/format/safe-text.ts';
import type { Live } from './candidates.ts';

/** Nobody chooses from more. */
const MOST = 2000;

/** Escaped: no control characters, so no line is two. */
export function liveLines({ objects }: Pick<Snapshot, 'objects'>, live: Live): readonly string[] {
  return [...new Set(LINES[live](objects))].slice(0, MOST);
}

const LINES: Readonly<Record<Live, (objects: readonly ShmObject[]) => readonly string[]>> = {
  ids: (objects) => objects.map(({ shortId }) => shortId),
  pids: (objects) => objects.flatMap(({ holders }) => holders.map(({ pid }) => String(pid))),
  users: (objects) => objects.flatMap(({ user }) => (user === undefined ? [] : [safeText(user)])),
  software: (objects) => objects.flatMap(({ software }) => (software === undefined ? [] : [safeText(software.name)])),
  filter: (objects) => [...filterWords(objects), ...LINES.ids(objects)],
};

/** Fields with the values that they can have, or have now; numbers only with what they are compared by. */
function filterWords(objects: readonly ShmObject[]): readonly string[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    user: LINES.users(objects),
    software: LINES.software(objects),
    container: containers(objects, formatContainer),
    pod: containers(objects, formatPod),
    image: containers(objects, ({ image }) => image && safeText(image)),
    compose: containers(objects, ({ compose }) => compose && safeText(compose)),
  };
  return OBJECT_FIELDS.flatMap((field) => {
    const values = 'allowed' in field ? (field.allowed as readonly string[]) : known[field.id];
    if (values !== undefined && values.length > 0) return values.map((value) => `${field.id}=${value}`);
    return field.kind === 'number' ? [`${field.id}>`, `${field.id}<`, `${field.id}=`] : [`${field.id}=`];
  });
}

/** `read` gives escaped text. */
function containers(objects: readonly ShmObject[], read: (container: Container) => string | undefined): string[] {
  const found = objects.flatMap(({ container }) => (container ? (read(container) ?? []) : []));
  return [...new Set(found)];
}
