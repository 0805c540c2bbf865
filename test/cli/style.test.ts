import { describe, expect, it } from 'vitest';
import { outputWidth } from '../../src/cli/style.ts';
import { terminalCapability } from '../../src/cli/terminal-capability.ts';

const width = (isTty: boolean, columns: number | undefined, COLUMNS?: string) =>
  outputWidth({ stdout: { isTty, columns, write: () => {} }, env: { COLUMNS } });

describe('the width of the output', () => {
  it('is that of the terminal, of 80 columns where it knows none: a serial line and script(1) say 0', () => {
    expect(width(true, 132)).toBe(132);
    expect(width(true, 0)).toBe(80);
    expect(width(true, undefined)).toBe(80);
  });

  it('that is not known is no fault of the terminal to doctor', () => {
    const stdout = { isTty: true, columns: 0, write: () => {} };
    expect(terminalCapability({ stdout, env: { TERM: 'vt220', LANG: 'C.UTF-8' } })).toMatchObject({
      state: 'yes',
      found: expect.stringContaining('of unknown width, taken for 80 columns'),
    });
  });

  it('is COLUMNS where that is set, and without end in a pipe', () => {
    expect(width(true, 0, '100')).toBe(100);
    expect(width(false, undefined)).toBeUndefined();
    expect(width(false, 0, '0')).toBeUndefined();
  });
});
