import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { OBJECT_COLUMNS } from '../../../src/ui/format/columns.ts';
import type { Style } from '../../../src/ui/format/style.ts';
import { drawTable } from '../../../src/ui/format/table.ts';
import { arbitraryObject } from '../../cli/arbitrary-object.ts';
import { HOSTILE_OBJECTS, NOW_SEC, SERVER_OBJECTS } from '../../cli/examples.ts';

const STYLE: Style = { bytes: 'iec', unicode: true, colour: false, nowSec: NOW_SEC };
const DEFAULTS = OBJECT_COLUMNS.filter(({ priority }) => priority !== undefined);

describe('drawTable', () => {
  it('makes no row wider than the terminal, whatever the objects, the width, the columns and the style', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryObject, { maxLength: 4 }),
        fc.integer({ min: 20, max: 220 }),
        fc.oneof(fc.constant(DEFAULTS), fc.subarray([...OBJECT_COLUMNS], { minLength: 1 })),
        fc.boolean(),
        fc.boolean(),
        (rows, width, columns, unicode, colour) => {
          const style: Style = { ...STYLE, unicode, colour, bytes: colour ? 'exact' : 'iec' };
          const isChosen = columns !== DEFAULTS;
          for (const line of drawTable({ columns, rows, style, width, isChosen, hasHeader: true }).lines) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
            if (!colour) expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
            if (!unicode && !colour) expect(line).toMatch(/^[\x20-\x7e]*$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('cuts nothing where there is no terminal', () => {
    const lines = [
      ...drawTable({ columns: DEFAULTS, rows: HOSTILE_OBJECTS, style: STYLE, isChosen: false, hasHeader: false }).lines,
    ];
    for (const [at, object] of HOSTILE_OBJECTS.entries()) expect(lines[at]).toContain(` ${object.shortId} `);
  });

  it('never cuts a number: it drops the column instead', () => {
    const columns = OBJECT_COLUMNS.filter(({ id, quantity }) => id === 'verdict' || quantity !== undefined);
    for (let width = 20; width <= 120; width++) {
      const { lines } = drawTable({
        columns,
        rows: SERVER_OBJECTS,
        style: STYLE,
        width,
        isChosen: false,
        hasHeader: false,
      });
      for (const line of lines) expect(line).not.toMatch(/\d…/);
    }
  });

  it('leaves out default columns in which nothing stands, and names chosen ones for which there is no room', () => {
    const request = { rows: SERVER_OBJECTS, style: STYLE, width: 400, isChosen: false, hasHeader: true };
    const [header] = drawTable({ ...request, columns: DEFAULTS }).lines;
    expect(header).toContain('WHAT');
    expect(header).not.toContain('CONTAINER');
    const narrow = drawTable({ ...request, columns: [...OBJECT_COLUMNS], width: 60, isChosen: true });
    expect(narrow.dropped).toContain('BTIME');
    expect([...narrow.lines][0]).not.toContain('BTIME');
  });

  it('aligns numbers to the right and ends no line with blanks', () => {
    const lines = [
      ...drawTable({
        columns: DEFAULTS,
        rows: SERVER_OBJECTS,
        style: STYLE,
        width: 80,
        isChosen: false,
        hasHeader: true,
      }).lines,
    ];
    const end = (lines[0]?.indexOf('SIZE') ?? 0) + 'SIZE'.length;
    for (const line of lines) {
      expect(line.slice(end - 1, end)).toMatch(/\S/);
      expect(line).toBe(line.trimEnd());
    }
  });

  it('paints the verdict only where colour is wanted, and says it in words always', () => {
    const request = {
      columns: DEFAULTS,
      rows: SERVER_OBJECTS.slice(1, 2),
      width: 80,
      isChosen: false,
      hasHeader: false,
    };
    expect([...drawTable({ ...request, style: { ...STYLE, colour: true } }).lines][0]).toContain(
      '\x1b[1;31m✗ abandoned\x1b[0m',
    );
    expect([...drawTable({ ...request, style: STYLE }).lines][0]).toMatch(/^✗ abandoned /);
    expect([...drawTable({ ...request, style: { ...STYLE, unicode: false } }).lines][0]).toMatch(/^x abandoned /);
  });
});
