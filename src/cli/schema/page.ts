// The JSON of docs/reference.md: what each command writes, the fields of an object, and what its parts have inside.
import { jsonSchema, OUTPUTS } from './outputs.ts';
import type { Schema } from './schema.ts';

type Row = readonly string[];

/** For each command the names of its forms in the schema, and what they are. */
export function outputRows(): readonly Row[] {
  const page = new Page(jsonSchema());
  return Object.entries<readonly Schema<never>[]>(OUTPUTS).flatMap(([command, forms]) =>
    forms.map(({ json }) => [`\`${command}\``, `\`${page.name(json)}\``, page.meaning(page.resolve(json))]),
  );
}

/** The fields of an object, in their order. */
export function objectRows(): readonly Row[] {
  const page = new Page(jsonSchema());
  return page
    .fields({ $ref: '#/$defs/object' })
    .map(({ mark, field }) => [mark, page.kind(field), page.meaning(field)]);
}

/** What the fields of an object that have parts have inside, the parts of parts too. */
export function partRows(): readonly Row[] {
  const page = new Page(jsonSchema());
  const rows: Row[] = [];
  const tell = (parent: unknown, path: string) => {
    for (const { name, field } of page.fields(parent)) {
      const inside = page.fields(field);
      if (inside.length === 0) continue;
      const here = `${path}${name}${page.isList(field) ? '[]' : ''}`;
      rows.push([`\`${here}\``, inside.map(({ mark }) => mark).join(' ')]);
      tell(field, `${here}.`);
    }
  };
  tell({ $ref: '#/$defs/object' }, '');
  return rows;
}

/** Finds its way through a schema: what is a reference is what it refers to. */
class Page {
  readonly #defs: unknown;

  constructor({ $defs }: { readonly [keyword: string]: unknown }) {
    this.#defs = $defs;
  }

  name(json: unknown): string {
    return String(at(json, '$ref') ?? '').replace('#/$defs/', '');
  }

  resolve(json: unknown): unknown {
    const name = this.name(json);
    return name === '' ? json : at(this.#defs, name);
  }

  isList(json: unknown): boolean {
    return at(this.resolve(json), 'type') === 'array';
  }

  /** Of an object, or of what a list has; empty where it has no parts. `mark` ends with ? where it may be left out. */
  fields(json: unknown): { readonly name: string; readonly mark: string; readonly field: unknown }[] {
    const found = this.resolve(json);
    if (at(found, 'type') === 'array') return this.fields(at(found, 'items'));
    const required = at(found, 'required');
    return Object.entries(Object(at(found, 'properties'))).map(([name, field]) => {
      const isRequired = Array.isArray(required) && required.includes(name);
      return { name, mark: `\`${name}${isRequired ? '' : '?'}\``, field };
    });
  }

  /** What is written here first, else what the definition says. */
  meaning(json: unknown): string {
    return String(at(json, 'description') ?? at(this.resolve(json), 'description') ?? '');
  }

  kind(json: unknown): string {
    const found = this.resolve(json);
    const words = at(found, 'enum');
    if (Array.isArray(words)) return words.join(', ');
    if (at(found, 'type') === 'array') return `list: ${this.kind(at(found, 'items'))}`;
    if (at(found, 'type') === 'object') return 'object';
    return this.name(json) || String(at(found, 'type') === 'string' ? 'text' : at(found, 'type'));
  }
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
