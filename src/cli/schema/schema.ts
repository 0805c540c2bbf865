// JSON Schemas as values that carry the type of what fits them: one that differs from what a writer writes does not compile.

/** A schema, with all that it refers to by name. `Value`: what the writer gives before JSON.stringify. */
export interface Schema<Value> {
  readonly json: JsonSchema;
  readonly defs: Defs;
  /** Never set: for the compiler only. What accepts more than is written will do, what accepts less will not. */
  readonly accepts?: (value: Value) => void;
}
export type JsonSchema = { readonly [keyword: string]: unknown };
export type Defs = ReadonlyMap<string, JsonSchema>;

/** A field that may be left out. */
export interface Optional<Value> {
  readonly optional: Schema<Value>;
}

/** One schema for each field of what a writer gives; those that may be undefined are optional, and only those. */
export type Shape<Fields> = {
  readonly [Name in keyof Required<Fields>]: undefined extends Fields[Name]
    ? Optional<NonNullable<Fields[Name]>>
    : Schema<Fields[Name]>;
};

const NO_DEFS: Defs = new Map();

/** What has no parts. */
export function simple<Value>(json: JsonSchema): Schema<Value> {
  return { json, defs: NO_DEFS };
}

export function optional<Value>(schema: Schema<Value>): Optional<Value> {
  return { optional: schema };
}

/** One of these words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Schema<Word> {
  return simple({ enum: words });
}

/** Exactly this. */
export function only<const Value extends string | number | boolean>(value: Value): Schema<Value> {
  return simple({ const: value });
}

export function list<Item>(item: Schema<Item>, more: JsonSchema = {}): Schema<readonly Item[]> {
  return { json: { type: 'array', ...more, items: item.json }, defs: item.defs };
}

/** An object with these fields and no others. */
export function record<Fields extends object>(shape: Shape<Fields>): Schema<Fields> {
  return fields<Fields>(Object.entries<Schema<never> | Optional<never>>(shape));
}

/** The same where the fields come from a table. */
export function fields<Fields>(
  entries: readonly (readonly [name: string, field: Schema<never> | Optional<never>])[],
): Schema<Fields> {
  const schemas = entries.map(([name, field]) => [name, 'optional' in field ? field.optional : field] as const);
  const required = entries.flatMap(([name, field]) => ('optional' in field ? [] : [name]));
  const properties = Object.fromEntries(schemas.map(([name, { json }]) => [name, json]));
  return {
    json: { type: 'object', additionalProperties: false, required, properties },
    defs: together(schemas.map(([, schema]) => schema)),
  };
}

/** The same schema with words about it in this place. */
export function about<Value>(words: string, schema: Schema<Value>): Schema<Value> {
  return { ...schema, json: { description: words, ...schema.json } };
}

/** Written once, under this name, and referred to wherever it is used. */
export function named<Value>(name: string, schema: Schema<Value>): Schema<Value> {
  return { json: { $ref: `#/$defs/${name}` }, defs: new Map([...schema.defs, [name, schema.json]]) };
}

/** Everything that several schemas refer to. */
export function together(schemas: readonly { readonly defs: Defs }[]): Defs {
  return new Map(schemas.flatMap(({ defs }) => [...defs]));
}
