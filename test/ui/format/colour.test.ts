import { expect, it } from 'vitest';
import { paint, wantsColour } from '../../../src/ui/format/colour.ts';
import { isUtf8Locale } from '../../../src/ui/format/glyphs.ts';

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
])('a terminal (%j) with %j wants colour: %j', (isTty, env, wanted) => {
  expect(wantsColour(isTty, env)).toBe(wanted);
});

it('paint adds nothing where no colour is wanted', () => {
  expect(paint('x', 'abandoned', { colour: false })).toBe('x');
  expect(paint('x', undefined, { colour: true })).toBe('x');
  expect(paint('', 'good', { colour: true })).toBe('');
  expect(paint('x', 'good', { colour: true })).toBe('\x1b[32mx\x1b[0m');
});

it.each([
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C' }, false],
  [{}, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, true],
  [{ LANG: 'en_US.UTF-8', LC_ALL: '' }, true],
])('the locale %j is UTF-8: %j', (env, expected) => {
  expect(isUtf8Locale(env)).toBe(expected);
});
