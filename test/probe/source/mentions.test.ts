// Names of shared memory in command lines and environments: as words of their own, whatever stands around them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Io } from '../../../src/probe/source/io.ts';
import { readMentions } from '../../../src/probe/source/mentions.ts';
import { MENTION_BYTES } from '../../../src/probe/territory/patience/caps.ts';

const ENOENT = 2;

function ioOf(files: Readonly<Record<string, string>>): Io {
  const none = () => -ENOENT;
  return {
    readFile: (path, most = 0, beyond) => {
      const text = files[path];
      if (text === undefined) return -ENOENT;
      return beyond === 'cut' ? Buffer.from(text.slice(0, most), 'latin1') : -ENOENT;
    },
    ...{ readLines: none, readDir: none, readPids: none, readLink: none, stat: none },
  };
}
const found = (files: Readonly<Record<string, string>>, ...names: string[]) =>
  readMentions(
    ioOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/proc/7/${name}`, text]))),
    '/proc',
    7,
    names,
  ).map(({ name, where }) => `${name}: ${where}`);

test('a name is found as an argument, a path, a value, in a list and in quotes', () => {
  for (const text of [
    'daemon\0/frames\0',
    'd\0--shm=/dev/shm/frames\0',
    'd\0-s\0frames',
    'd\0a,frames:b',
    'd\0"frames"',
  ])
    expect(found({ cmdline: text }, 'frames'), text).toEqual(['frames: command line']);
  expect(found({ cmdline: 'd\0', environ: 'A=1\0RING=frames\0' }, 'frames')).toEqual(['frames: environment']);
});

test('a name that is only part of another word is not', () => {
  for (const text of ['d\0/frames2', 'd\0subframes', 'd\0frames.log', 'd\0frames-old'])
    expect(found({ cmdline: text, environ: text }, 'frames'), text).toEqual([]);
});

test('names with blanks and separators are found as they stand, and nobody throws whatever the bytes are', () => {
  expect(found({ cmdline: 'd\0/my frames\0' }, 'my frames')).toEqual(['my frames: command line']);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), (text, name) => {
      expect(found({ cmdline: text, environ: text }, name).length).toBeLessThanOrEqual(1);
    }),
  );
});

test('what may not be read is empty, and of what is endless the beginning is searched', () => {
  expect(found({}, 'frames')).toEqual([]);
  expect(found({ cmdline: `${'x\0'.repeat(MENTION_BYTES)}frames` }, 'frames')).toEqual([]);
});
