import { expect, test } from 'vitest';
import { editLine, insertText, newLine } from '../../../src/ui/state/line-edit.ts';

const keys = (text: string, ...names: string[]) =>
  names.reduce((line, key) => editLine(line, key) ?? line, newLine(text));

test('deleting takes whole characters, with their marks', () => {
  expect(keys('ae\u0301', 'backspace').text).toBe('a');
  expect(keys('a🦊', 'backspace').text).toBe('a');
  expect(keys('🦊b', 'home', 'delete').text).toBe('b');
});

test('words and lines are deleted as in a shell', () => {
  expect(keys('user=root size>1G', 'ctrl-w').text).toBe('user=root ');
  expect(keys('user=root', 'left', 'left', 'ctrl-k').text).toBe('user=ro');
  expect(keys('user=root', 'ctrl-u').text).toBe('');
});

test('typed text goes where the cursor is; controls become blanks', () => {
  expect(insertText(keys('ac', 'left'), 'b').text).toBe('abc');
  expect(insertText(newLine(), 'a\r\nb\x1b').text).toBe('a b ');
});

test('a key that does not edit is told apart', () => {
  expect(editLine(newLine('x'), 'F5')).toBeUndefined();
});

test('a line has room for a thousand characters, and never half of one', () => {
  const long = insertText(newLine(), 'x'.repeat(5000));
  expect(long.text).toHaveLength(1000);
  expect(insertText(long, 'more')).toBe(long);
  expect(insertText(newLine('y'.repeat(999)), '\u{1f98a}').text).toBe('y'.repeat(999));
});
