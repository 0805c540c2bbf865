// What is copied and pasted into a shell is one word there, and is only that word.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { escapeBytes } from '../../../src/probe/model/bytes.ts';
import { shellWord } from '../../../src/ui/format/shell-word.ts';

const PLAIN = ['sysv:5', 'sysv:5@4026531839', 'posix:/psm_4f2a', '0x00005301', 'memfd:0:1:9'];
const HOSTILE = [
  'posix:/x;reboot',
  'posix:/$(id)',
  'posix:/`id`',
  "posix:/'; id; '",
  "posix:/'",
  'posix:/a b',
  'posix:/a"b',
  'posix:/*',
  'posix:/~root',
  'posix:/a&b|c>d<e',
  'posix:/!!',
  'posix:/a\\b',
  'posix:/#x',
  `posix:/${escapeBytes('a\nb\x1b[0m\xff')}`,
  'posix:/ä',
  '',
];

test.each(PLAIN)('%s stays as it is', (id) => expect(shellWord(id)).toBe(id));

test.each(HOSTILE)('%s is one word for sh', (id) => {
  const { stdout, stderr } = spawnSync('sh', ['-c', `printf '<%s>' ${shellWord(id)}`], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: `<${id}>`, stderr: '' });
});
