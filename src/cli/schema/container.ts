// The JSON Schema of a container, which objects, processes and those who did something to an object have.
import type { jsonOfContainer } from '../json.ts';
import { named, optional, record } from './schema.ts';
import { text } from './words.ts';

export const container = named(
  'container',
  record<ReturnType<typeof jsonOfContainer>>({ id: text, name: optional(text), runtime: text }),
);
