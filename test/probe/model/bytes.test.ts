// The escaped form of raw bytes: harmless to print, readable where it can be, and the way back to the same bytes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64OfBytes } from '../../../src/probe/model/base64.ts';
import { escapeBytes, unescapeBytes, utf8Bytes } from '../../../src/probe/model/bytes.ts';

const byteString = (maxLength = 300) =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));
/** Text in which what is dangerous is as frequent as what is plain. */
const trickyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', ' ', '\\', 'x', '\\x41', '\\\\', '\u00e9', 'e\u0301', '漢', '😀', 'א', 'ا'),
    fc.constantFrom('\u202e', '\u2066', '\u200b', '\u200f', '\u00ad', '\ufeff', '\u2028', '\u0085', '\u3164'),
    fc.constantFrom('\u034f', '\ufe0f', '\u{e0100}', '\u115f', '\u180e', '\u2800', '\u00a0', '\u3000', '\u0300'),
    fc.constantFrom('\n', '\r', '\t', '\x1b', '\x7f', '\x9b', '\u{e0041}', '\u{1d173}', '\ud7ff', '\u{10ffff}'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});
const raw = fc.oneof(byteString(), trickyText.map(utf8Bytes));

// Controls, format characters, surrogates, line and paragraph separators, private and unassigned ones; whatever is drawn
// as nothing; every blank but the ordinary one.
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}|\u2800/u;

describe('escaping', () => {
  test('any bytes come back exactly', () => {
    const property = fc.property(raw, (bytes) => {
      expect(unescapeBytes(escapeBytes(bytes))).toBe(bytes);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('nothing that moves the cursor, turns the direction or cannot be seen is ever shown', () => {
    const property = fc.property(raw, (bytes) => {
      expect(escapeBytes(bytes)).not.toMatch(FORBIDDEN);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('every single assigned character is either shown as itself or as its bytes, and comes back', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      if (code === 0x40000) code = 0xe0000; // nothing is assigned in the planes 4 to 13
      if (code === 0xe0200) code = 0x10ff00; // private use
      const bytes = Buffer.from(String.fromCodePoint(code)).toString('latin1');
      const shown = escapeBytes(`a${bytes}b`);
      if (FORBIDDEN.test(shown) || unescapeBytes(shown) !== `a${bytes}b`) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  test('every single byte comes back, alone and beside others', () => {
    for (let code = 0; code < 256; code++) {
      const byte = String.fromCharCode(code);
      for (const bytes of [byte, `a${byte}`, `${byte}a`, `${byte}${byte}`, `\\${byte}`, `\\x${byte}`, `\xc3${byte}`]) {
        expect(unescapeBytes(escapeBytes(bytes))).toBe(bytes);
      }
    }
  });

  test('different bytes are never shown alike', () => {
    fc.assert(
      fc.property(raw, raw, (a, b) => {
        fc.pre(a !== b);
        expect(escapeBytes(a)).not.toBe(escapeBytes(b));
      }),
    );
  });

  test.each(['', '/name', '/psm_21467b46', 'sem.mutex', 'a b', "-rf'$(x)`", '/dev/shm/.hidden', '~!@#%^&*()'])(
    'a plain name stays as it is: %j',
    (name) => {
      expect(escapeBytes(name)).toBe(name);
    },
  );

  test.each([
    ['/caf\xc3\xa9', '/café'],
    ['\xe6\xbc\xa2\xe5\xad\x97', '漢字'],
    ['\xf0\x9f\x98\x80', '😀'],
    ['a\\b', 'a\\\\b'],
    ['a\\x41', 'a\\\\x41'],
    ['a\nb', 'a\\x0ab'],
    ['\x1b[2J', '\\x1b[2J'],
    ['\x7f', '\\x7f'],
    ['\xff\xfe', '\\xff\\xfe'],
    ['\xc0\xaf', '\\xc0\\xaf'],
    ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
    ['\xc2\x9b31m', '\\xc2\\x9b31m'],
    ['\xe2\x80\xaegnp.exe', '\\xe2\\x80\\xaegnp.exe'],
    ['x\xe2\x80\x8b', 'x\\xe2\\x80\\x8b'],
    [' x ', '\\x20x\\x20'],
    [' ', '\\x20'],
    ['cut \xe6\xbc', 'cut \\xe6\\xbc'],
  ])('%j is shown as %j', (bytes, shown) => {
    expect(escapeBytes(bytes)).toBe(shown);
    expect(unescapeBytes(shown)).toBe(bytes);
  });

  test('marks are not piled up on one letter, nor put on what stands before the name', () => {
    const mark = utf8Bytes('\u0301');
    expect(escapeBytes(`e${mark}`)).toBe('e\u0301');
    expect(escapeBytes(mark)).toBe('\\xcc\\x81');
    const shown = escapeBytes(`e${mark.repeat(50)}`);
    expect([...shown].filter((char) => char === '\u0301')).toHaveLength(2);
    expect(unescapeBytes(shown)).toBe(`e${mark.repeat(50)}`);
    expect(escapeBytes(`\n${mark}`)).toBe('\\x0a\\xcc\\x81');
  });
});

describe('what a person types', () => {
  test('means the bytes of its UTF-8, and a backslash that begins nothing means itself', () => {
    expect(unescapeBytes('café')).toBe('caf\xc3\xa9');
    expect(unescapeBytes('\\x1B\\xff')).toBe('\x1b\xff');
    expect(unescapeBytes('a\\b')).toBe('a\\b');
    expect(unescapeBytes('\\x4')).toBe('\\x4');
    expect(unescapeBytes('100%41')).toBe('100%41');
  });

  test('never throws, and gives bytes only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
        for (const text of [a, b, `${a}\ud800${b}`]) expect(unescapeBytes(text)).toMatch(/^[\x00-\xff]*$/);
      }),
    );
  });

  test('text as bytes is its UTF-8, percent signs included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.from(text).toString('latin1'));
      }),
    );
    expect(utf8Bytes('%41 %zz %')).toBe('%41 %zz %');
  });

  test('base64 gives the bytes back to any other program', () => {
    fc.assert(
      fc.property(byteString(), (bytes) => {
        expect(Buffer.from(base64OfBytes(bytes), 'base64').toString('latin1')).toBe(bytes);
      }),
    );
  });
});
