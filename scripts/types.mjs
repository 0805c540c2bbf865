// The types of the library, in dist: what it gives, printed from the JSON Schema of the program, and its three functions.
import { jsonSchema } from '../src/cli/schema/outputs.ts';

/** Names of definitions, where their own would say too little to others. */
const NAMES = { object: 'ShmObject', snapshot: 'Snapshot', event: 'ShmEvent' };

export function libraryTypes() {
  const { $defs } = jsonSchema();
  const wanted = reached($defs, ['snapshot', 'object', 'event']);
  const types = wanted.map(
    (name) => `${comment($defs[name], '')}export type ${typeName(name)} = ${typeOf($defs[name], '')};\n`,
  );
  return `// What shmtop gives to programs; docs/library.md explains it. Printed from the JSON Schema: \`shmtop schema\`.\n\n${FUNCTIONS}\n${types.join('\n')}`;
}

/** Definitions that these refer to, themselves included, in order of their names. */
function reached(defs, names) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [, to] of JSON.stringify(defs[name]).matchAll(/"#\/\$defs\/([^"]+)"/g)) visit(to);
  };
  for (const name of names) visit(name);
  return [...seen].sort();
}

const typeName = (name) =>
  NAMES[name] ?? name.replace(/(?:^|[^A-Za-z0-9]+)([a-z0-9])/gi, (_, letter) => letter.toUpperCase());

function typeOf(schema, indent) {
  if (schema.$ref !== undefined) return typeName(schema.$ref.replace('#/$defs/', ''));
  if (schema.enum !== undefined) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return choices.map((each) => typeOf(each, indent)).join(' | ');
  switch (schema.type) {
    case 'array':
      return `ReadonlyArray<${typeOf(schema.items, indent)}>`;
    case 'object':
      return shape(schema, `${indent}  `);
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
      return schema.type;
  }
  throw new Error(`no type for ${JSON.stringify(schema)}`);
}

function shape({ properties, required = [] }, indent) {
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${comment(field, indent)}${indent}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, indent)};\n`,
  );
  return `{\n${fields.join('')}${indent.slice(2)}}`;
}

const comment = ({ description }, indent) =>
  description === undefined ? '' : `${indent}/** ${description.replaceAll('*/', '* /')} */\n`;

const FUNCTIONS = `export interface LookOptions {
  /** FILTER words, as \`shmtop ls\` takes them; all have to hold. */
  readonly filter?: readonly string[];
  /** Shared mappings of ordinary files too; default false. */
  readonly files?: boolean;
  /** Grace time of the verdict in seconds; default 60, 0 for none. */
  readonly minAgeSec?: number;
  /** Other roots; default /proc and /dev/shm. */
  readonly procRoot?: string;
  readonly shmRoot?: string;
}

export interface WatchOptions extends LookOptions {
  /** Ends the watch; the iteration then throws its reason. */
  readonly signal?: AbortSignal;
  /** Root: every shmat and shmdt by tracepoints; as \`shmtop watch --exact\`. */
  readonly exact?: boolean;
}

/** What there is now: as \`shmtop ls --json\`, each object with what its removal would do. Rejects with a TypeError for a filter word that makes no sense. */
export function snapshot(options?: LookOptions): Promise<Snapshot>;

/** What happens from now on, as \`shmtop watch --json\`. A break ends all sources. Throws where there can be no watch. */
export function watch(options?: WatchOptions): AsyncGenerator<ShmEvent, void, undefined>;

/** Why an object is judged as it is, and what its removal would do: sentences, safe to print. */
export function explain(object: ShmObject): readonly string[];
`;
