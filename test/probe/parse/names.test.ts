// /etc/passwd and /etc/group, with the lines that real machines have in them.
import { describe, expect, test } from 'vitest';
import { parseNames } from '../../../src/probe/parse/names.ts';

describe('names of users and groups', () => {
  test('are found by number, in both files', () => {
    expect([...parseNames('root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n')]).toEqual([
      [0, 'root'],
      [1000, 'ann'],
    ]);
    expect([...parseNames('root:x:0:\nadm:x:4:syslog,ann\n')]).toEqual([
      [0, 'root'],
      [4, 'adm'],
    ]);
  });

  test('that share a number are called by the first, as getpwuid does', () => {
    expect(parseNames('root:x:0:0\ntoor:x:0:0\n').get(0)).toBe('root');
  });

  test('the highest number is a user too', () => {
    expect(parseNames('nobody4:x:4294967294:0\n').get(4294967294)).toBe('nobody4');
  });

  test.each([
    ['NIS', '+::::::\n+@admins::::::\n-bob::::::\n'],
    ['no number', 'ann:x::0\n'],
    ['a number below zero', 'nobody:x:-2:-2\n'],
    ['a number with letters', 'ann:x:1000x:0\n'],
    ['a fraction', 'ann:x:1.5:0\n'],
    ['no name', ':x:5:5\n'],
    ['no colon', 'ann\n'],
    ['blank lines', '\n\n'],
    ['nothing', ''],
  ])('lines with %s give nothing', (_, text) => {
    expect([...parseNames(text)]).toEqual([]);
  });

  test('a last line without a newline is read', () => {
    expect(parseNames('root:x:0:0').get(0)).toBe('root');
  });
});
