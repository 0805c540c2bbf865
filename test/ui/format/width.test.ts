import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { escapeBytes } from '../../../src/probe/model/bytes.ts';
import { asciiOnly } from '../../../src/ui/format/glyphs.ts';
import { displayWidth, fitText, truncateText } from '../../../src/ui/format/width.ts';
import { wrapSpans, wrapText } from '../../../src/ui/format/wrap.ts';
import { byteString } from '../../cli/arbitrary-object.ts';

describe('displayWidth', () => {
  it('is never less than string-width, for every character that escapeBytes lets through', () => {
    for (let code = 0x20; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      if (escapeBytes(`a${asBytes(char)}b`) !== `a${char}b`) continue;
      if (displayWidth(`a${char}b`) < stringWidth(`a${char}b`))
        throw new Error(`U+${code.toString(16)} is counted too narrow`);
    }
  });

  it('is exactly string-width for the scripts of the world', () => {
    for (const text of [
      'plain',
      'größe',
      'Ελλάς',
      'русский',
      'עברית',
      'العربية',
      '日本語',
      '한국어',
      'ﾊﾝｶｸ',
      'ＦＵＬＬ',
      'e\u0301',
      '●✗○…×✓',
      '🧨',
    ]) {
      expect([text, displayWidth(text)]).toEqual([text, stringWidth(text)]);
    }
  });
});

const asBytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
const shown = byteString.map(escapeBytes);
const ellipsis = fc.constantFrom('…', '~');
const cut = fc.constantFrom('end' as const, 'middle' as const);

describe('truncateText and fitText', () => {
  it('never exceed the width, and fitText has exactly it', () => {
    fc.assert(
      fc.property(shown, fc.nat(60), ellipsis, cut, (text, width, sign, where) => {
        expect(displayWidth(truncateText(text, width, sign, where))).toBeLessThanOrEqual(width);
        for (const align of ['left', 'right'] as const) {
          expect(displayWidth(fitText(text, width, { align, ellipsis: sign, cut: where }))).toBe(width);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never cut an escape in two', () => {
    fc.assert(
      fc.property(shown, fc.nat(60), cut, (text, width, where) => {
        const rest = truncateText(text, width, '…', where).replace(/\\x[0-9a-f]{2}|\\\\/g, '');
        expect(rest).not.toContain('\\');
      }),
      { numRuns: 1000 },
    );
  });

  it('leave alone what fits, and keep both ends where the middle goes', () => {
    expect(truncateText('posix:/x', 8, '…')).toBe('posix:/x');
    expect(truncateText('posix:/PostgreSQL.123456', 15, '…', 'middle')).toBe('posix:/….123456');
    expect(truncateText('posix:/PostgreSQL.123456', 15, '~')).toBe('posix:/Postgre~');
    expect(fitText('7', 3, { align: 'right', ellipsis: '…' })).toBe('  7');
  });
});

describe('asciiOnly', () => {
  it('is ASCII and means the same bytes', () => {
    fc.assert(
      fc.property(shown, (text) => {
        expect(asciiOnly(text)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
    expect(asciiOnly('café')).toBe('caf\\xc3\\xa9');
  });
});

describe('wrapText and wrapSpans', () => {
  it('keep the words, and the width where the words allow it', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 60 }), fc.nat(4), (list, width, indent) => {
        const lines = wrapText(list.join(' '), width, indent);
        expect(lines.join(' ').split(/ +/).join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('put coloured pieces side by side as far as they fit', () => {
    const spans = [{ text: 'one', token: 'good' as const }, { text: 'two', token: 'bad' as const }, { text: 'three' }];
    const request = { separator: '  ', style: { colour: true } };
    expect(wrapSpans(spans, { ...request, width: 8 })).toEqual(['\x1b[32mone\x1b[0m  \x1b[31mtwo\x1b[0m', 'three']);
    expect(wrapSpans(spans, { ...request, width: undefined, style: { colour: false } })).toEqual(['one  two  three']);
  });
});
