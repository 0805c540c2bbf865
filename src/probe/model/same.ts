// Comparers of records, made from a table that names every field: one that is added to a type and not here does not compile. PURE.
import { itemAt } from './item-at.ts';

/** Are two values the same? */
export type Same<Value> = (a: Value, b: Value) => boolean;

/** Are two values of one field the same? `owner` is the record of the first. */
export type SameField<Value, Owner> = (a: Value, b: Value, owner: Owner) => boolean;

type Plain = string | number | boolean | undefined;

/** How one field is compared: `value` (===) for what has no parts, else by a comparer. */
export type Comparison<Value, Owner> = [Value] extends [Plain]
  ? 'value' | SameField<Value, Owner>
  : SameField<Value, Owner>;

/** A comparison for each field, optional ones too; by itself, or in a row that says more of the field. */
export type Comparisons<Fields> = {
  readonly [Name in keyof Required<Fields>]:
    | Comparison<Fields[Name], Fields>
    | { readonly same: Comparison<Fields[Name], Fields> };
};

/** Are all fields the same? Two that are absent are; plain values are compared before what has parts. */
export function sameRecord<Fields extends object>(table: Comparisons<Fields>): Same<Fields | undefined> {
  const plain: string[] = [];
  const parts: Part[] = [];
  // Each comparer gets the field that it was written for: `Comparisons` sees to that.
  for (const [name, row] of Object.entries(table as Readonly<Record<string, How | { readonly same: How }>>)) {
    const how = typeof row === 'object' ? row.same : row;
    if (how === 'value') plain.push(name);
    else parts.push({ name, isSame: how });
  }
  return unrolled(plain, parts) ?? looped(plain, parts);
}

/** Of the same length and the same one by one; two that are absent are. */
export function sameList<Item>(isSame: 'value' | Same<Item>): Same<readonly Item[] | undefined> {
  return (a, b) => {
    if (a === b) return true;
    if (a === undefined || b === undefined || a.length !== b.length) return false;
    for (let at = 0; at < a.length; at++) {
      if (isSame === 'value' ? a[at] !== b[at] : !isSame(itemAt(a, at), itemAt(b, at))) return false;
    }
    return true;
  };
}

type How = 'value' | SameField<unknown, unknown>;

interface Part {
  readonly name: string;
  readonly isSame: SameField<unknown, unknown>;
}

type Both = (a: unknown, b: unknown) => boolean;

/** The comparison written out as one expression: ten times as fast as a loop over names. Undefined where no code may be made. */
function unrolled(plain: readonly string[], parts: readonly Part[]): Both | undefined {
  const tests = [
    ...plain.map((name) => `a.${name} === b.${name}`),
    ...parts.map(({ name }, at) => `(a.${name} === b.${name} || part${at}(a.${name}, b.${name}, a))`),
  ];
  const body = `return (a, b) => a === b || (a !== undefined && b !== undefined && ${tests.join(' && ')});`;
  try {
    // Nothing but the names of fields of our own tables is in it.
    return new Function(...parts.map((_, at) => `part${at}`), body)(...parts.map(({ isSame }) => isSame));
  } catch (error) {
    if (error instanceof EvalError) return undefined; // node --disallow-code-generation-from-strings
    throw error;
  }
}

function looped(plain: readonly string[], parts: readonly Part[]): Both {
  return (a, b) => {
    if (a === b) return true;
    if (!isRecord(a) || !isRecord(b)) return false;
    for (const name of plain) if (a[name] !== b[name]) return false;
    for (const { name, isSame } of parts) if (!isSame(a[name], b[name], a)) return false;
    return true;
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
