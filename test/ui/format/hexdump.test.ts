import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatHexdump } from '../../../src/ui/format/hexdump.ts';

it('shows offsets, bytes, letters, and one star for what repeats', () => {
  const bytes = new Uint8Array(70);
  bytes.set(new TextEncoder().encode('hello\x1b[31m'), 0);
  expect([...formatHexdump([bytes], 0x1000)]).toEqual([
    '00001000  68 65 6c 6c 6f 1b 5b 33  31 6d 00 00 00 00 00 00  |hello.[31m......|',
    '00001010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|',
    '*',
    '00001040  00 00 00 00 00 00                                 |......|',
    '00001046',
  ]);
});

it('does not depend on how the content comes in pieces', () => {
  const content = fc.array(fc.constantFrom(0, 0, 0, 65, 255), { maxLength: 200 }).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(content, fc.integer({ min: 1, max: 40 }), (bytes, size) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      expect([...formatHexdump(pieces, 0)]).toEqual([...formatHexdump([bytes], 0)]);
    }),
  );
});

it.skipIf(spawnSync('hexdump', ['--version']).error !== undefined)('is what hexdump -C prints', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at > 64 && at < 200 ? 7 : at % 256));
  const { stdout } = spawnSync('hexdump', ['-C'], { input: bytes, encoding: 'utf8' });
  expect([...formatHexdump([bytes], 0)]).toEqual(stdout.trimEnd().split('\n'));
});
