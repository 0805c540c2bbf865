// Lines, bars, sparks and arrows, each with an ASCII stand-in for locales that are not UTF-8.

export interface Boxes {
  readonly vertical: string;
  readonly horizontal: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly barFull: string;
  readonly barRest: string;
  /** From lowest to highest. */
  readonly sparks: readonly string[];
  readonly down: string;
  readonly up: string;
  readonly open: string;
  readonly closed: string;
  /** Towards the left, where `closed` points to the right. */
  readonly back: string;
  readonly more: string;
  readonly dot: string;
  readonly newMark: string;
  readonly changedMark: string;
  readonly goneMark: string;
  readonly destMark: string;
  readonly tag: string;
  readonly on: string;
  readonly off: string;
}

const UNICODE: Boxes = {
  vertical: '│',
  horizontal: '─',
  corners: ['╭', '╮', '╰', '╯'],
  barFull: '━',
  barRest: '─',
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  down: '▼',
  up: '▲',
  open: '▾',
  closed: '▸',
  back: '◂',
  more: '…',
  dot: '·',
  newMark: '+',
  changedMark: '~',
  goneMark: '-',
  destMark: '†',
  tag: '◆',
  on: '[x]',
  off: '[ ]',
};

const ASCII: Boxes = {
  vertical: '|',
  horizontal: '-',
  corners: ['+', '+', '+', '+'],
  barFull: '=',
  barRest: '.',
  sparks: ['_', '.', '-', '=', '*', '#'],
  down: 'v',
  up: '^',
  open: 'v',
  closed: '>',
  back: '<',
  more: '~',
  dot: '-',
  newMark: '+',
  changedMark: '~',
  goneMark: '-',
  destMark: '!',
  tag: '#',
  on: '[x]',
  off: '[ ]',
};

export const boxesFor = (unicode: boolean): Boxes => (unicode ? UNICODE : ASCII);

/** The last `width` values as heights, from nothing to `limit`: full is full. Without a limit to twice the greatest of them: nobody knows what is much. */
export function sparkline(values: readonly number[], width: number, sparks: readonly string[], limit?: number): string {
  const shown = values.slice(-width);
  return sparksBetween(shown, 0, limit || 2 * Math.max(0, ...shown), sparks).padStart(width);
}

/** Values as heights between two bounds that are known beforehand. */
export function sparksBetween(
  values: readonly number[],
  least: number,
  most: number,
  sparks: readonly string[],
): string {
  const height = (value: number) =>
    most <= least ? 0 : Math.floor(((value - least) / (most - least)) * sparks.length);
  return values.map((value) => sparks[Math.max(0, Math.min(sparks.length - 1, height(value)))]).join('');
}

/** The latest `width` values as heights from zero to the greatest of them; not padded. */
export function sparksFromZero(values: readonly number[], width: number, { sparks }: Boxes): string {
  const shown = values.slice(-width);
  return sparksBetween(shown, 0, Math.max(...shown), sparks);
}
