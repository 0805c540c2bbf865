import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputParser } from '../../../src/ui/terminal/input-parser.ts';
import type { InputEvent } from '../../../src/ui/terminal/key-event.ts';

const parse = (text: string): InputEvent[] => {
  const parser = new InputParser();
  return [...parser.feed(text), ...parser.flush()];
};
const names = (text: string) => parse(text).map((event) => (event.kind === 'key' ? event.name : event.kind));

describe('keys', () => {
  test.each([
    ['\x1bOP\x1b[11~\x1b[[A', ['F1', 'F1', 'F1']],
    ['\x1b[15~\x1b[17~\x1b[20~\x1b[21~', ['F5', 'F6', 'F9', 'F10']],
    ['\x1b[A\x1bOB\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1bOF', ['page-up', 'page-down', 'home', 'end', 'end']],
    ['\x1b[1;5A\x1b[3~\x1b[Z\t', ['ctrl-up', 'delete', 'shift-tab', 'tab']],
    ['\x02\x06\x0c\x13\x1a\x03', ['ctrl-b', 'ctrl-f', 'ctrl-l', 'ctrl-s', 'ctrl-z', 'ctrl-c']],
    ['\r\n\x7f ', ['enter', 'enter', 'backspace', 'space']],
    ['aG?é界🦊', ['a', 'G', '?', 'é', '界', '🦊']],
    ['\x1bx', ['alt-x']],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test('Ctrl-Menu, unknown sequences and 8-bit controls are nothing, and what follows is understood', () => {
    expect(names('\x1b[29;5~q')).toEqual(['q']);
    expect(names('\x1b[1;5Iq')).toEqual(['q']);
    expect(names('\x1b[?62;22cq')).toEqual(['q']);
    expect(names('\x9bq')).toEqual(['q']);
  });

  test('a lone Esc is a key once nothing follows it', () => {
    const parser = new InputParser();
    expect(parser.feed('\x1b')).toEqual([]);
    expect(parser.isWaiting).toBe(true);
    expect(parser.flush()).toEqual([{ kind: 'key', name: 'escape' }]);
    expect(parser.isWaiting).toBe(false);
  });
});

test('SGR mouse: press, wheel; releases and drags are nothing', () => {
  expect(parse('\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<32;11;5M\x1b[<64;1;1M\x1b[<65;300;90M')).toEqual([
    { kind: 'mouse', what: 'press', x: 9, y: 4 },
    { kind: 'mouse', what: 'wheel-up', x: 0, y: 0 },
    { kind: 'mouse', what: 'wheel-down', x: 299, y: 89 },
  ]);
});

test('a paste is one event, whatever it contains', () => {
  expect(parse('\x1b[200~q\x1b[A\nd\x1b[201~j')).toEqual([
    { kind: 'paste', text: 'q\x1b[A\nd' },
    { kind: 'key', name: 'j', text: 'j' },
  ]);
});

test('the same events come out however the bytes are cut into pieces', () => {
  const pieces = fc.constantFrom(
    '\x1b[A',
    '\x1bOP',
    '\x1b[15~',
    'x',
    '界',
    '\x1b[<64;9;9M',
    '\x1b[200~hi\x1b[201~',
    '\t',
    '\x1b[1;5C',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 6 }), (parts, cuts) => {
      const text = parts.join('');
      const parser = new InputParser();
      const events: InputEvent[] = [];
      let from = 0;
      for (const cut of [...cuts, text.length].sort((a, b) => a - b)) {
        events.push(...parser.feed(text.slice(from, Math.max(from, cut))));
        from = Math.max(from, Math.min(cut, text.length));
      }
      expect([...events, ...parser.flush()]).toEqual(parse(text));
    }),
  );
});

describe('floods', () => {
  const MEGABYTE = 'flood '.repeat(175_000);
  /** What came out, and the longest time that one chunk took, milliseconds of processor. */
  const pour = (text: string, chunkChars: number) => {
    const parser = new InputParser();
    const events: InputEvent[] = [];
    const before = process.cpuUsage();
    for (let at = 0; at < text.length; at += chunkChars) events.push(...parser.feed(text.slice(at, at + chunkChars)));
    events.push(...parser.flush());
    const { user, system } = process.cpuUsage(before);
    return { events, cpuMs: (user + system) / 1000 };
  };

  test('ten megabytes pasted, in pieces as a terminal gives them, are one short paste', () => {
    const { events, cpuMs } = pour(`\x1b[200~${MEGABYTE.repeat(10)}\x1b[201~q`, 4096);
    expect(events.map((event) => event.kind)).toEqual(['paste', 'key']);
    expect(events[0]?.kind === 'paste' && events[0].text).toBe(MEGABYTE.slice(0, 4096));
    expect(cpuMs).toBeLessThan(1500);
  });

  test('the end of a paste is found wherever it is cut in two', () => {
    const text = `\x1b[200~some text\x1b[201~q`;
    for (let chunk = 1; chunk <= text.length; chunk++) {
      expect(pour(text, chunk).events).toEqual([
        { kind: 'paste', text: 'some text' },
        { kind: 'key', name: 'q', text: 'q' },
      ]);
    }
  });

  test('a paste that never ends is over when no more comes, and holds no memory', () => {
    const { events } = pour(`\x1b[200~${MEGABYTE}`, 4096);
    expect(events).toEqual([{ kind: 'paste', text: MEGABYTE.slice(0, 4096) }]);
  });

  test('much text at once without marks is a paste too: no key of the table', () => {
    const { events, cpuMs } = pour('dDyq:x!'.repeat(100_000), 4096);
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['paste']));
    expect(cpuMs).toBeLessThan(1500);
  });

  test('a key that was held down while nobody read is still that key', () => {
    expect(names('j'.repeat(100))).toEqual(new Array(100).fill('j'));
  });

  test.each([
    ['one key held down', 'j'.repeat(60_000)],
    ['wide letters held down', '界'.repeat(60_000)],
    ['short lines', 'a line of text\n'.repeat(20_000)],
    ['arrows', '\x1b[A'.repeat(60_000)],
    ['escapes', '\x1b'.repeat(200_000)],
  ])('%s: twice as much takes twice as long', (_, text) => {
    const once = (part: string) => {
      const before = process.cpuUsage();
      new InputParser().feed(part);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const took = (part: string) => Math.min(...[1, 2, 3].map(() => once(part)));
    const half = took(text.slice(0, text.length / 2));
    expect(took(text)).toBeLessThan(5 * half + 25);
  });

  test('an answer of a terminal that never ends is nothing, and what follows is understood', () => {
    const { events, cpuMs } = pour(`\x1b[?${'1;'.repeat(500_000)}cq`, 1000);
    expect(events).toEqual([{ kind: 'key', name: 'q', text: 'q' }]);
    expect(cpuMs).toBeLessThan(1500);
  });
});
