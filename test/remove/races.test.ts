// Every race that a removal can lose, run on purpose in private namespaces. scripts/soak-remove.mjs runs many more.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arenaMissing, type RaceResult, race } from './arena.ts';
import { compileRacer } from './racer.ts';

const missing = arenaMissing();

function expectNoneWrong({ wrong, examples }: RaceResult) {
  expect({ wrong, examples }).toEqual({ wrong: 0, examples: [] });
}

describe.skipIf(missing)(missing === undefined ? 'races of removal' : `races of removal (skipped: ${missing})`, () => {
  let dir: string;
  let racer: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'shmtop-races-'));
    racer = compileRacer(dir);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('a segment that is attached, used, remade or whose shmid comes round again between any two steps stays', async () => {
    const result = await race('segments-stepped', racer, [1500, 11]);
    expectNoneWrong(result);
    expect(result.raced).toBeGreaterThan(1000);
  });

  test('a name that is opened, mapped, or given to a file, link or directory between any two steps stays', async () => {
    const result = await race('names-stepped', racer, [1500, 12]);
    expectNoneWrong(result);
    expect(result['openers served']).toBeGreaterThan(50);
  });

  test('a copy of what was changed while it was saved is told, and no other', async () => {
    const result = await race('saved', racer, [8]);
    expectNoneWrong(result);
    expect(result).toMatchObject({ removed: 4, 'refused with a copy': 4 });
  });

  test('users who attach at any moment never see their segment marked', async () => {
    const result = await race('free', racer, ['attach-user', 1000]);
    expectNoneWrong(result);
    expect(result['marked while attached']).toBe(0);
  });

  test('root attaching at any moment keeps its memory, and where a segment was marked under it the report says so', async () => {
    expectNoneWrong(await race('free', racer, ['attach-root', 1000]));
  });

  test('files that take the name in parallel are never removed', async () => {
    expectNoneWrong(await race('free', racer, ['rename', 200]));
  });

  test('files that are opened in parallel never lose their name while they are open', async () => {
    expectNoneWrong(await race('free', racer, ['open', 200]));
  });

  // On a busy machine one may find the other at work on an object, and leave it to it.
  test('two shmtops at once remove each object once', async () => {
    const result = await race('two', racer, [200]);
    expectNoneWrong(result);
    expect(result.removed).toBe(400);
  });

  test('in a thread of its own it does the same, can be stopped, and a thread that dies is told', async () => {
    const result = await race('thread', racer, [1200]);
    expectNoneWrong(result);
    expect(result.removed).toBe(2400);
  });

  test('killed at any moment, the journal tells what was begun and the next run puts back what lay aside', async () => {
    const result = await race('kill', racer, [1]);
    expectNoneWrong(result);
    expect(result.killed).toBe(14);
  });
});
