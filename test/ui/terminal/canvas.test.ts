import headless from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Canvas } from '../../../src/ui/terminal/canvas.ts';
import { applySgr } from '../../../src/ui/terminal/sgr.ts';

const written = { text: '' };
const output = {
  write: (text: string) => {
    written.text += text;
    return true;
  },
  onDrain: () => {},
};

function canvasOf(columns: number, rows: number) {
  written.text = '';
  const canvas = new Canvas(output, columns, rows);
  const slot = canvas.allocate();
  canvas.setFrame(Canvas.marker(slot));
  const show = (lines: readonly string[]) => {
    written.text = '';
    canvas.setRegion(slot, { lines, width: columns, height: rows, layer: 0 });
    canvas.flush();
    return written.text;
  };
  return { canvas, show };
}

test('the same lines again write nothing', () => {
  const { show } = canvasOf(20, 3);
  expect(show(['one', '\x1b[31mtwo\x1b[m'])).not.toBe('');
  expect(show(['one', '\x1b[31mtwo\x1b[m'])).toBe('');
});

test('one changed cell writes a move and that cell, between the marks of a synchronized update', () => {
  const { show } = canvasOf(20, 3);
  show(['size 4096', 'x']);
  expect(show(['size 4097', 'x'])).toBe('\x1b[?2026h\x1b[1;9H7\x1b[?2026l');
});

test('only the first drawing and a redraw clear the screen', () => {
  const { canvas, show } = canvasOf(10, 2);
  expect(show(['a'])).toContain('\x1b[2J');
  expect(show(['b'])).not.toContain('\x1b[2J');
  written.text = '';
  canvas.redraw();
  canvas.flush();
  expect(written.text).toContain('\x1b[2J');
});

test('nothing is written while suspended, and all of it after', () => {
  const { canvas, show } = canvasOf(10, 2);
  show(['a']);
  canvas.suspend(true);
  expect(show(['b'])).toBe('');
  canvas.suspend(false);
  canvas.flush();
  expect(written.text).toContain('b');
});

test('a control character that got as far as the canvas does not reach the terminal', () => {
  const { show } = canvasOf(20, 1);
  expect(show(['a\x07\x9b31mb\x1b]52;c;x\x07'])).not.toMatch(/[\x07\x9b]|\x1b\]/);
});

test('SGR parameters add up, replace each other and are taken back', () => {
  expect(applySgr('', '1;31')).toBe('1;31');
  expect(applySgr('1;31', '32')).toBe('1;32');
  expect(applySgr('1;32', '22;39')).toBe('');
  expect(applySgr('7', '38;5;200')).toBe('7;38;5;200');
  expect(applySgr('38;2;1;2;3', '48;2;4;5;6')).toBe('38;2;1;2;3;48;2;4;5;6');
  expect(applySgr('1;38;5;7', '')).toBe('');
});

test('a terminal that got only the differences shows what one shows that got everything', async () => {
  const char = fc.constantFrom(
    'a',
    'b',
    ' ',
    ' ',
    '界',
    'é',
    'e\u0301',
    '▁',
    '\x1b[31m',
    '\x1b[1;7m',
    '\x1b[m',
    '\x1b[44m',
  );
  const line = fc.array(char, { maxLength: 14 }).map((chars) => chars.join(''));
  const frame = fc.array(line, { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 2, maxLength: 5 }), async (frames) => {
      const stepwise = await screenAfter(frames);
      const atOnce = await screenAfter(frames.slice(-1));
      expect(stepwise).toEqual(atOnce);
    }),
    { numRuns: 60 },
  );
});

async function screenAfter(frames: readonly (readonly string[])[]): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: 12, rows: 3, allowProposedApi: true });
  const { show } = canvasOf(12, 3);
  await new Promise<void>((resolve) => terminal.write('\x1b[?7l', resolve));
  for (const lines of frames) {
    const text = show(lines);
    await new Promise<void>((resolve) => terminal.write(text, resolve));
  }
  return Array.from({ length: 3 }, (_, y) => {
    const row = terminal.buffer.active.getLine(y);
    return Array.from({ length: 12 }, (_, x) => {
      const cell = row?.getCell(x);
      return `${cell?.getChars() || ' '}${cell?.getFgColor()}${cell?.getBgColor()}${cell?.isBold()}${cell?.isInverse()}`;
    }).join(' ');
  });
}
