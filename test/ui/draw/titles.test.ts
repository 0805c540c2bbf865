import { describe, expect, it } from 'vitest';
import { kitOf } from '../../../src/ui/draw/pen.ts';
import { drawTitles } from '../../../src/ui/draw/titles.ts';
import { segment, stateWith } from '../sample-objects.ts';

const plain = (text: string) => text.replace(/\x1b\[[\d;]*m/g, '');
const kit = kitOf(stateWith([segment(1)]));
const titles = (title: string, columnWidth: number) =>
  plain(
    drawTitles(
      kit,
      [{ column: { id: 'idle', title, align: 'right' }, place: { id: 'idle', x: 10, width: columnWidth } }],
      undefined,
      { width: 10 + columnWidth, left: 0, right: 2 },
    ),
  ).trim();

describe('the last title', () => {
  it('keeps its letters beside the sign that more columns follow, as long as there is room for either', () => {
    expect(titles('MEM', 8)).toBe('MEM+2▸');
    expect(titles('IDLE', 6)).toBe('IDLE▸');
    expect(titles('ORPHANED', 8)).toBe('ORPH…+2▸');
  });
});
