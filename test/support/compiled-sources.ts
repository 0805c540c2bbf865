// Children that run the sources find them compiled: to strip the types of twenty files takes Node longer than most of them then live.
import { fileURLToPath } from 'node:url';

/** Node's own cache of code (NODE_COMPILE_CACHE of node(1)), of what was read: a changed file is compiled anew. */
export const COMPILED_SOURCES = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/shmtop-sources', import.meta.url)),
} as const;
