// Numbers that come again: an IPC namespace or a tmpfs ends, and the next one has its number.
import { describe, expect, test } from 'vitest';
import { arenaMissing, race } from '../remove/arena.ts';

const missing = arenaMissing();

describe.skipIf(missing)(
  `a namespace and a file system whose numbers come again${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    test('are not taken for the ones before, neither by what was known of those nor by what was planned for them', async () => {
      const { wrong, examples, ...counts } = await race('again', '', []);
      expect({ wrong, examples }).toEqual({ wrong: 0, examples: [] });
      expect(Number(counts.segments ?? 0) + Number(counts.names ?? 0)).toBeGreaterThan(0);
    });
  },
);
