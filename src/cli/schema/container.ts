// The JSON Schema of a container, which objects, processes and those who did something to an object have.
import type { jsonOfContainer } from '../json.ts';
import { about, named, optional, record } from './schema.ts';
import { text, userId } from './words.ts';

export const container = named(
  'container',
  record<ReturnType<typeof jsonOfContainer>>({
    id: text,
    name: optional(about('what its runtime, or whoever made it, calls it', text)),
    runtime: text,
    uid: optional(about('who named it, where that is not root; 4294967295: nobody can tell', userId)),
    within: optional(about('id of the container that it runs in', text)),
    image: optional(text),
    compose: optional(about('project of docker compose', text)),
    podUid: optional(text),
    pod: optional(about('name of its pod', text)),
    podNamespace: optional(about('namespace of its pod', text)),
  }),
);
