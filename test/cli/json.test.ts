// The JSON of docs/reference.md: what is in it, that the fast writer says the same as the plain one, and that it fits the schema.
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOfRemoval } from '../../src/cli/json.ts';
import { writeObjectLines, writeSnapshotJson } from '../../src/cli/json-stream.ts';
import { jsonOfObject, jsonOfSnapshot } from '../../src/cli/plain-json.ts';
import { jsonOfProcesses } from '../../src/cli/process-json.ts';
import { jsonSchema } from '../../src/cli/schema/outputs.ts';
import { EVIDENCE_CODES } from '../../src/probe/model/judge/evidence.ts';
import { removalEffect } from '../../src/probe/model/judge/removal-effect.ts';
import { processRows } from '../../src/probe/model/process-row.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { arbitraryObject } from './arbitrary-object.ts';
import {
  DESKTOP,
  HOSTILE,
  manySegments,
  memfd,
  NOTHING,
  NOW_SEC,
  posix,
  SERVER,
  segment,
  snapshotOf,
  UNPRIVILEGED,
} from './examples.ts';

const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(jsonSchema());
const EXAMPLES = { SERVER, DESKTOP, HOSTILE, NOTHING, UNPRIVILEGED };

function written(write: (take: (bytes: Uint8Array) => void) => void): string {
  const pieces: Uint8Array[] = [];
  write((bytes) => pieces.push(bytes.slice()));
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
}

const snapshotText = (snapshot: Snapshot) => written((take) => writeSnapshotJson(snapshot, snapshot.objects, take));

function expectValid(value: unknown): void {
  isValid(value);
  expect(isValid.errors ?? []).toEqual([]);
}

describe('ls --json', () => {
  it.each(Object.entries(EXAMPLES))('of %s says the same as JSON.stringify and fits the schema', (_, snapshot) => {
    const parsed: unknown = JSON.parse(snapshotText(snapshot));
    expect(parsed).toEqual(JSON.parse(JSON.stringify(jsonOfSnapshot(snapshot))));
    expectValid(parsed);
  });

  it('fits the schema for segments of namespaces that could not be entered, or are not known', () => {
    const closed = { nattch: undefined, creator: undefined, shmid: 0, key: '0x00005300' } as const;
    const objects = [
      segment(0, { ...closed, id: 'sysv:4026532001:0', shortId: 'sysv:0@4026532001' }),
      segment(0, { ...closed, id: 'sysv:unknown:0:0x00005300', shortId: 'sysv:0@unknown', ipcNamespace: undefined }),
    ];
    expectValid(JSON.parse(snapshotText(snapshotOf(objects))));
  });

  it('writes for any object the very text of JSON.stringify', () => {
    fc.assert(
      fc.property(arbitraryObject, (object) => {
        const line = written((take) => writeObjectLines([object], take));
        expect(line).toBe(`${JSON.stringify(jsonOfObject(object))}\n`);
      }),
      { numRuns: 2000 },
    );
  });

  it('fits the schema for any object', () => {
    fc.assert(
      fc.property(arbitraryObject, (object) => {
        expectValid(JSON.parse(JSON.stringify(jsonOfObject(object))));
        expectValid(
          JSON.parse(JSON.stringify({ ...jsonOfObject(object), removal: jsonOfRemoval(removalEffect(object)) })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('does not mix up what neighbours have in common', () => {
    fc.assert(
      fc.property(fc.array(arbitraryObject, { maxLength: 6 }), (objects) => {
        const lines = written((take) => writeObjectLines(objects, take));
        expect(lines).toBe(objects.map((object) => `${JSON.stringify(jsonOfObject(object))}\n`).join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('crosses the borders of its pieces without losing a byte', () => {
    const snapshot = snapshotOf([...manySegments(3000), ...HOSTILE.objects]);
    expect(JSON.parse(snapshotText(snapshot))).toEqual(JSON.parse(JSON.stringify(jsonOfSnapshot(snapshot))));
    const long = posix(`/${'é'.repeat(200_000)}`, 1, { user: '€'.repeat(70_000) });
    expect(written((take) => writeObjectLines([long, long], take))).toBe(
      `${JSON.stringify(jsonOfObject(long))}\n`.repeat(2),
    );
  });

  it('gives nameBytes only where the name does not show the bytes', () => {
    expect(jsonOfObject(posix('/plain', 1)).nameBytes).toBeUndefined();
    expect(jsonOfObject(posix('/caf\xc3\xa9', 1))).toMatchObject({ name: '/café', nameBytes: undefined });
    expect(jsonOfObject(posix('/a\x1b', 1))).toMatchObject({ name: '/a\\x1b', nameBytes: btoa('/a\x1b') });
    expect(jsonOfObject(posix('/a\\b', 1))).toMatchObject({ name: '/a\\\\b', nameBytes: btoa('/a\\b') });
  });

  it('gives keyText beside the key where it spells something', () => {
    expect(jsonOfObject(segment(1, { key: '0x4e545030' }))).toMatchObject({ key: '0x4e545030', keyText: 'NTP0' });
    expect(jsonOfObject(segment(1, { key: '0x0052e2c1' })).keyText).toBeUndefined();
    const lines = written((take) => writeObjectLines([segment(1, { key: '0x22545c30' })], take));
    expect(JSON.parse(lines)).toMatchObject({ key: '0x22545c30', keyText: '"T\\0' });
  });

  it('leaves out what is unknown, and times that no calendar has', () => {
    const object = JSON.parse(JSON.stringify(jsonOfObject(segment(1, { ctimeSec: 9e15, user: undefined }))));
    expect(object).not.toHaveProperty('ctime');
    expect(object).not.toHaveProperty('user');
    expect(JSON.stringify(object)).not.toContain('null');
    expect(jsonOfObject(segment(1, { ctimeSec: NOW_SEC })).ctime).toBe('2026-01-31T12:00:00.000Z');
  });
});

describe('the schema', () => {
  it('refuses what the contract does not know', () => {
    expect(isValid({ ...jsonOfObject(memfd('memfd:x', 1)), surprise: 1 })).toBe(false);
    expect(isValid({ ...JSON.parse(snapshotText(SERVER)), surprise: 1 })).toBe(false);
    expect(isValid({ schemaVersion: 1 })).toBe(false);
  });

  it('takes ps --json and every code of evidence', () => {
    expectValid(JSON.parse(JSON.stringify(jsonOfProcesses(SERVER, processRows(SERVER.objects)))));
    const all = segment(1, {
      verdict: { state: 'unheld', evidence: EVIDENCE_CODES.map((code) => ({ code, pid: 1, count: 1 })) },
    });
    expectValid(JSON.parse(JSON.stringify(jsonOfObject(all))));
  });
});

describe('speed', () => {
  it('keeps no more memory for 30,000 objects than one piece', () => {
    const objects = manySegments(30_000);
    let largest = 0;
    let bytes = 0;
    const startMs = performance.now();
    writeObjectLines(objects, (piece) => {
      largest = Math.max(largest, piece.length);
      bytes += piece.length;
    });
    expect(largest).toBeLessThanOrEqual(64 * 1024);
    expect(bytes).toBeGreaterThan(12_000_000);
    expect(performance.now() - startMs).toBeLessThan(2000);
  });
});
