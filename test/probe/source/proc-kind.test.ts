// Whose pids a proc root shows: ours, those of another pid namespace, or those of a captured tree.
import { expect, test } from 'vitest';
import type { Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { procKindOf } from '../../../src/probe/source/proc-kind.ts';

/** A /proc that gives our number, and these pids of us from its own namespace down. */
function procThatSays(...nsPids: number[]): Io {
  const status = Buffer.from(`Name:\tnode\nUid:\t0\t0\t0\t0\nNSpid:\t${nsPids.join('\t')}\n`);
  return { ...nodeIo(), readLink: () => String(process.pid), readFile: () => status };
}

test('the /proc of our own pid namespace is our own', () => {
  expect(procKindOf(nodeIo(), '/proc')).toBe('own');
  expect(procKindOf(procThatSays(process.pid), '/proc')).toBe('own');
});

test('the /proc of an outer pid namespace is foreign, also where it knows us by the same number', () => {
  expect(procKindOf(procThatSays(process.pid, process.pid), '/proc')).toBe('foreign');
  expect(procKindOf({ ...nodeIo(), readLink: () => '999999999' }, '/proc')).toBe('foreign');
});

test('a folder is a captured tree', () => {
  expect(procKindOf(nodeIo(), '/')).toBe('captured');
  expect(procKindOf(nodeIo(), '/nowhere')).toBe('captured');
});
