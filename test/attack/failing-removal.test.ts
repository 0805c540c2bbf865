// Want of memory or descriptors in the middle of a removal: every single system call of it fails once.
import { describe, expect, test } from 'vitest';
import { arenaMissing, race } from '../remove/arena.ts';

const missing = arenaMissing();

describe.skipIf(missing)(`a removal in which one system call fails${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('leaves each object whole under its name, or gone and told so, or tells where it is', async () => {
    const { wrong, examples, ...counts } = await race('failing', '', []);
    expect({ wrong, examples }).toEqual({ wrong: 0, examples: [] });
    for (const kind of ['file', 'directory', 'segment']) expect(counts[`${kind} refused`]).toBeGreaterThan(1);
  });
});
