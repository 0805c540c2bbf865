// Unknown JSON into typed, ranged values: what was written to a file may come back as anything. PURE, no exceptions.

/** Why a value is not what was expected: where it stands, and what had to be there, in our own words. */
export class Misfit {
  /** `snapshot.objects[3].uid`; empty for the value itself. Field names are ours, never the file's. */
  readonly where: string;
  readonly wants: string;

  constructor(wants: string, where = '') {
    this.wants = wants;
    this.where = where;
  }

  /** Seen from one level above. */
  inside(step: string): Misfit {
    const isList = this.where === '' || this.where.startsWith('[');
    return new Misfit(this.wants, isList ? step + this.where : `${step}.${this.where}`);
  }

  toString(): string {
    return this.where === '' ? `it is not ${this.wants}` : `${this.where} is not ${this.wants}`;
  }
}

/** The value of this type that an unknown one is, built anew where it has parts; or why it is none. */
export type Decoder<Value> = (value: unknown) => Value | Misfit;

/** One decoder for each field, optional ones too: a field that is added to a type and not here does not compile. */
export type Shape<Fields> = { readonly [Name in keyof Required<Fields>]: Decoder<Fields[Name]> };

/** An object with these fields; others in it count for nothing, and what is undefined stays absent. */
export function record<Fields extends object>(shape: Shape<Fields>): Decoder<Fields> {
  const decoders = Object.entries<Decoder<unknown>>(shape).map(([name, decode]) => ({ name, decode }));
  // What every object inherits was not given: of its prototype, and of no other (JSON makes no others).
  const isInherited = decoders.some(({ name }) => name in Object.prototype);
  return (value) => {
    if (!isObject(value)) return new Misfit('an object');
    const mayInherit = isInherited || Object.getPrototypeOf(value) !== Object.prototype;
    const fields: Record<string, unknown> = {};
    for (const { name, decode } of decoders) {
      const given = value[name];
      const field = decode(given === undefined || !mayInherit || Object.hasOwn(value, name) ? given : undefined);
      if (field instanceof Misfit) return field.inside(name);
      if (field !== undefined) fields[name] = field;
    }
    return fields as Fields; // each of them has its decoder: `Shape` sees to that
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list; one entry that does not fit spoils all of it. */
export function list<Item>(item: Decoder<Item>, most = Number.POSITIVE_INFINITY): Decoder<readonly Item[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most)
      return new Misfit(`a list${Number.isFinite(most) ? ` of at most ${most}` : ''}`);
    const items: Item[] = [];
    for (let at = 0; at < value.length; at++) {
      const decoded = item(value[at]);
      if (decoded instanceof Misfit) return decoded.inside(`[${at}]`);
      items.push(decoded);
    }
    return items;
  };
}

export function optional<Value>(of: Decoder<Value>): Decoder<Value | undefined> {
  return (value) => (value === undefined ? undefined : of(value));
}

/** A whole number, both ends included; beyond 2^53 as far as a number can say it. */
export function integer(least: number, most: number): Decoder<number> {
  const wants = `a whole number from ${least} to ${most}`;
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : new Misfit(wants);
}

/** A number, with a fraction or not, both ends included. */
export function number(least: number, most: number): Decoder<number> {
  const wants = `a number from ${least} to ${most}`;
  return (value) => (typeof value === 'number' && value >= least && value <= most ? value : new Misfit(wants));
}

export const flag: Decoder<boolean> = (value) => (typeof value === 'boolean' ? value : new Misfit('true or false'));

/** One of these words. */
export function oneOf<Word extends string>(words: readonly Word[]): Decoder<Word> {
  const known = new Map<unknown, Word>(words.map((word) => [word, word]));
  return (value) => known.get(value) ?? new Misfit('one of the words that are known here');
}

/** Text of at most so many chars, of any kind: it has to be made safe where it is shown. `form` anchors its whole. */
export function text(mostChars: number, form?: RegExp): Decoder<string> {
  const wants = `text of the expected form and at most ${mostChars} characters`;
  return (value) =>
    typeof value === 'string' && value.length <= mostChars && (form === undefined || form.test(value))
      ? value
      : new Misfit(wants);
}

/** What a decoder gives, made into something else. */
export function mapped<From, To>(from: Decoder<From>, to: (value: From) => To | Misfit): Decoder<To> {
  return (value) => {
    const decoded = from(value);
    return decoded instanceof Misfit ? decoded : to(decoded);
  };
}

/** The value of a JSON text; a misfit where it is none. Text is to be bounded before: see `isModest`. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return new Misfit('JSON'); // SyntaxError: cut, damaged; RangeError: too much of it
  }
}

/** JSON text through a decoder. */
export function decodeJson<Value>(json: string, decoder: Decoder<Value>): Value | Misfit {
  const value = parseJson(json);
  return value instanceof Misfit ? value : decoder(value);
}
