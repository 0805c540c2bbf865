// What was thrown, in a word: what Node throws, and what anybody may.
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { errorCode, errorMessage, errorNumber } from '../../src/fault/thrown.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('a failed system call has a name, a number and a message', () => {
  const error = thrownBy(() => readFileSync('/proc/self/nothing-of-this-name'));
  expect(errorCode(error)).toBe('ENOENT');
  expect(errorNumber(error)).toBe(-constants.errno.ENOENT);
  expect(errorMessage(error)).toMatch(/^ENOENT: no such file/);
});

it('what has no code says what it says, and has no number', () => {
  expect(errorCode(new TypeError('odd'))).toBe('TypeError: odd');
  expect(errorCode('a text')).toBe('a text');
  expect(errorNumber(Object.assign(new Error('x'), { errno: 'EPERM' }))).toBeUndefined();
  expect(errorNumber(undefined)).toBeUndefined();
  expect(errorMessage(new TypeError('odd'))).toBe('odd');
  expect(errorMessage(7)).toBe('7');
});
