// The table of the fields of an object against everything that goes by it: one thing of an object changes at a time, down to the
// last part, and delta, both JSON writers and recordings have to notice.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeObjectLines } from '../../src/cli/json-stream.ts';
import { jsonOfObject } from '../../src/cli/plain-json.ts';
import { parseEntryLine, snapshotLine } from '../../src/probe/model/decode/recording.ts';
import { diffObjects } from '../../src/probe/model/delta.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import { isSameObject, OBJECT_FIELDS } from '../../src/probe/model/object-fields.ts';
import { arbitraryObject } from './arbitrary-object.ts';
import { segment, snapshotOf } from './examples.ts';
import { OTHER, WHOLE } from './whole-object.ts';

type Path = readonly (string | number)[];

/** Every value without parts in it, by the way there. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) =>
    leaves(part, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

function at(value: unknown, [step, ...more]: Path): unknown {
  if (step === undefined) return value;
  return at(Object.entries(Object(value)).find(([name]) => name === String(step))?.[1], more);
}

/** A copy with one thing in it changed. */
function withLeaf(value: unknown, [step, ...more]: Path, leaf: unknown): unknown {
  if (step === undefined) return leaf;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? withLeaf(item, more, leaf) : item));
  return { ...Object(value), [step]: withLeaf(at(value, [step]), more, leaf) };
}

const changed = (path: Path, leaf: unknown): ShmObject => Object(withLeaf(WHOLE, path, leaf));

const PATHS = leaves(WHOLE);
const CASES = PATHS.map((path) => [path.join('.'), path] as const);
/** What JSON does not have; everything else is to be seen in it. */
const UNWRITTEN = Object.entries(OBJECT_FIELDS).flatMap(([field, row]) => ('json' in row ? [] : [field]));

function lineOf(object: ShmObject): string {
  const pieces: Uint8Array[] = [];
  writeObjectLines([object], (bytes) => pieces.push(bytes.slice()));
  return Buffer.concat(pieces).toString();
}

describe('an object with every field', () => {
  it('has all that the table has, and its counterpart differs in each', () => {
    expect(Object.keys(WHOLE).sort()).toEqual(Object.keys(OBJECT_FIELDS).sort());
    expect(leaves(OTHER)).toEqual(PATHS);
    for (const path of PATHS) expect(at(OTHER, path), path.join('.')).not.toEqual(at(WHOLE, path));
    expect(UNWRITTEN).toEqual(['shortId', 'rootInode']);
  });

  it('is the same as its copy', () => {
    expect(isSameObject(WHOLE, structuredClone(WHOLE))).toBe(true);
  });

  it.each(CASES)('of which %s changes, or goes, is told as changed', (_, path) => {
    const before = new Map([[WHOLE.id, WHOLE]]);
    for (const leaf of [at(OTHER, path), undefined]) {
      expect(isSameObject(WHOLE, changed(path, leaf))).toBe(false);
      expect(isSameObject(changed(path, leaf), WHOLE)).toBe(false);
      expect(diffObjects(before, [{ ...changed(path, leaf), id: WHOLE.id }]).changed).toHaveLength(
        path[0] === 'id' ? 0 : 1,
      );
    }
  });

  it.each(CASES)('of which %s changes is written differently, by both writers', (_, path) => {
    const object = changed(path, at(OTHER, path));
    const line = lineOf(object);
    expect(line).toBe(`${JSON.stringify(jsonOfObject(object))}\n`);
    if (UNWRITTEN.includes(String(path[0]))) expect(line).toBe(lineOf(WHOLE));
    else expect(line).not.toBe(lineOf(WHOLE));
  });

  it.each(CASES)('of which %s changes comes back from a recording as it was', (_, path) => {
    const object = changed(path, at(OTHER, path));
    const entry = parseEntryLine(snapshotLine(snapshotOf([object])));
    expect(entry).toMatchObject({ type: 'snapshot' });
    expect(entry?.type === 'snapshot' ? entry.snapshot.objects : []).toEqual([object]);
  });
});

describe('any two objects', () => {
  it('are the same exactly where all their fields are', () => {
    const fields = fc.constantFrom(...Object.keys(OBJECT_FIELDS));
    fc.assert(
      fc.property(arbitraryObject, arbitraryObject, fields, (one, other, field) => {
        const mixed: ShmObject = Object({ ...one, [field]: at(other, [field]) });
        const isSame = JSON.stringify(at(one, [field])) === JSON.stringify(at(other, [field]));
        // Only the seconds of "used n seconds ago" do not count.
        fc.pre(field !== 'verdict' || !JSON.stringify([one.verdict, other.verdict]).includes('too-young'));
        expect(isSameObject(one, mixed)).toBe(isSame);
        expect(isSameObject(one, structuredClone(one))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('between them have every field: nothing is left out of what is tried', () => {
    const seen = new Set(fc.sample(arbitraryObject, 300).flatMap((object) => Object.keys(object)));
    expect([...seen].sort()).toEqual(Object.keys(OBJECT_FIELDS).sort());
  });
});

it('a container that gains a name is told, the second that goes by of a young object is not', () => {
  const container = { id: '0123456789ab', runtime: 'docker' };
  expect(isSameObject(segment(1, { container }), segment(1, { container: { ...container, name: 'web' } }))).toBe(false);
  const young = (seconds: number) =>
    segment(1, { verdict: { state: 'unheld', evidence: [{ code: 'too-young', seconds, limitSeconds: 60 }] } });
  expect(isSameObject(young(1), young(2))).toBe(true);
});

it('the comparison is the same where Node may make no code', () => {
  const script = `
    const { isSameObject } = await import('${new URL('../../src/probe/model/object-fields.ts', import.meta.url).href}');
    const { WHOLE, OTHER } = await import('${new URL('whole-object.ts', import.meta.url).href}');
    const copy = structuredClone(WHOLE);
    const found = Object.keys(WHOLE).map((field) => isSameObject(WHOLE, { ...copy, [field]: OTHER[field] }));
    console.log(JSON.stringify([isSameObject(WHOLE, copy), found.filter(Boolean).length]));`;
  const flags = ['--no-warnings', '--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
  expect(JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }))).toEqual([true, 0]);
});
