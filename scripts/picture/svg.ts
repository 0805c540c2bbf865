// A terminal's cells as SVG, and the SVG as PNG: pictures of what a person sees, from the screen of a headless terminal.
import { Resvg } from '@resvg/resvg-js';
import type { VirtualTerminal } from '../../test/support/terminal.ts';

const CELL_WIDTH = 8.43;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const PADDING = 12;
const FOREGROUND = '#d4d7dd';
const BACKGROUND = '#15181e';
const ANSI = [
  '#20242c',
  '#e06c75',
  '#8fc379',
  '#e0b46a',
  '#61a0ef',
  '#c678dd',
  '#4fb3bf',
  '#c8ccd4',
  '#6b7280',
  '#ff7b85',
  '#a5dc8c',
  '#ffd080',
  '#7fbaff',
  '#de95f0',
  '#6fd3df',
  '#f4f6fa',
];

/** Block elements fill their cell from the top to the bottom, which glyphs of a font do not: from where to where, 0 to 1. */
const BLOCKS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  ...Object.fromEntries([...'▁▂▃▄▅▆▇█'].map((char, at) => [char, [1 - (at + 1) / 8, 1] as const])),
  '▀': [0, 0.5],
};

export interface Palette {
  readonly foreground: string;
  readonly background: string;
}

/** The visible screen; every run of equal cells is one rectangle and one text, each character at its own place. */
export function screenToSvg(
  { xterm }: VirtualTerminal,
  palette: Palette = { foreground: FOREGROUND, background: BACKGROUND },
): string {
  const buffer = xterm.buffer.active;
  const parts: string[] = [];
  for (let y = 0; y < xterm.rows; y++) {
    const line = buffer.getLine(buffer.viewportY + y);
    for (let x = 0; line && x < xterm.cols; x++) {
      const cell = line.getCell(x);
      const chars = cell?.getChars() ?? '';
      if (!cell || cell.getWidth() === 0) continue;
      const isInverse = cell.isInverse() !== 0;
      const front = cell.isFgDefault() ? palette.foreground : colour(cell.getFgColor(), cell.isFgRGB());
      const back = cell.isBgDefault() ? palette.background : colour(cell.getBgColor(), cell.isBgRGB());
      const [fill, ground] = isInverse ? [back, front] : [front, back];
      const left = (PADDING + x * CELL_WIDTH).toFixed(2);
      const top = PADDING + y * CELL_HEIGHT;
      if (ground !== palette.background) {
        parts.push(
          `<rect x="${left}" y="${top}" width="${(CELL_WIDTH * cell.getWidth() + 0.3).toFixed(2)}" height="${CELL_HEIGHT + 0.3}" fill="${ground}"/>`,
        );
      }
      const block = BLOCKS[chars];
      if (block) {
        const [from, to] = block;
        parts.push(
          `<rect x="${left}" y="${top + from * CELL_HEIGHT}" width="${CELL_WIDTH + 0.3}" height="${(to - from) * CELL_HEIGHT + (to === 1 ? 0.3 : 0)}" fill="${fill}"/>`,
        );
      } else if (chars.trim() !== '') {
        const bold = cell.isBold() ? ' font-weight="bold"' : '';
        const faint = cell.isDim() ? ' opacity="0.6"' : '';
        const line = cell.isUnderline() ? ' text-decoration="underline"' : '';
        parts.push(
          `<text x="${left}" y="${top + 13.5}" fill="${fill}"${bold}${faint}${line}>${escapeXml(chars)}</text>`,
        );
      }
    }
  }
  const width = Math.ceil(PADDING * 2 + xterm.cols * CELL_WIDTH);
  const height = PADDING * 2 + xterm.rows * CELL_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans Mono" font-size="${FONT_SIZE}"><rect width="100%" height="100%" rx="8" fill="${palette.background}"/>${parts.join('')}</svg>`;
}

export function svgToPng(svg: string): Uint8Array {
  return new Resvg(svg, { font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans Mono' } }).render().asPng();
}

function colour(value: number, isRgb: boolean): string {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return ANSI[value];
  if (value >= 232) return grey(8 + (value - 232) * 10);
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = value - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

const grey = (value: number) => `rgb(${value},${value},${value})`;
const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Several screens below each other, each under its caption. */
export function stackSvg(frames: readonly { readonly caption: string; readonly svg: string }[]): string {
  const size = (svg: string, name: 'width' | 'height') =>
    Number(new RegExp(`^<svg[^>]* ${name}="(\\d+)"`).exec(svg)?.[1]);
  let y = 0;
  let width = 0;
  const parts = frames.map(({ caption, svg }) => {
    const top = y + 34;
    y = top + size(svg, 'height') + 10;
    width = Math.max(width, size(svg, 'width'));
    return `<text x="6" y="${top - 12}" fill="#2b3038" font-size="15">${escapeXml(caption)}</text>${svg.replace('<svg ', `<svg y="${top}" `)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" font-family="DejaVu Sans Mono"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>`;
}
