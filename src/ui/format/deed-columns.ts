// The column table of what was done to objects: `shmtop history`.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Deed, DeedKind, Life } from '../../probe/model/life/life.ts';
import { actorOf, spellActor, spellEnding, spellOrigin } from './actor-text.ts';
import type { Token } from './colour.ts';
import type { Column } from './column.ts';
import { bytesColumn, textColumn, timeColumn } from './column-kinds.ts';

/** One deed, and what it was done to. */
export interface DeedRow {
  readonly life: Life;
  readonly deed: Deed;
  /** As `ls` prints it. */
  readonly shortId: string;
}

const TOKENS: Readonly<Partial<Record<DeedKind, Token>>> = { made: 'good', removed: 'bad' };
const actor = ({ life, deed }: DeedRow) => actorOf(life, deed);

/** In the order of time; what is told last is cut first. */
export const DEED_COLUMNS: readonly Column<DeedRow>[] = [
  { ...timeColumn<DeedRow>('time', 'TIME', 'when it was done', ({ deed }) => deed.atMs / 1000), priority: 0 },
  {
    ...textColumn<DeedRow>('what', 'WHAT', 'what was done', 8, ({ deed }) => deed.what),
    minWidth: 8,
    priority: 0,
    token: ({ deed }) => TOKENS[deed.what],
  },
  { ...textColumn<DeedRow>('id', 'ID', 'the object', 20, ({ shortId }) => shortId), cut: 'middle', priority: 0 },
  {
    ...textColumn<DeedRow>('by', 'BY', 'who did it', 20, (row) => {
      const who = actor(row);
      return who && spellActor(who);
    }),
    priority: 0,
  },
  {
    ...textColumn<DeedRow>('of', 'OF', 'its service, session or container', 20, (row) => {
      const who = actor(row);
      return who && spellOrigin(who);
    }),
    priority: 2,
  },
  {
    ...textColumn<DeedRow>(
      'ended',
      'ENDED',
      'how it ended; absent while it lives, or where its end was not told',
      26,
      (row) => {
        const ended = actor(row)?.ended;
        return ended && spellEnding(ended);
      },
    ),
    priority: 1,
  },
  {
    ...timeColumn<DeedRow>('end', 'END', 'when it ended', (row) => {
      const ended = actor(row)?.ended;
      return ended && ended.atMs / 1000;
    }),
    priority: 5,
  },
  { ...bytesColumn<DeedRow>('size', 'SIZE', 'length after it', ({ deed }) => deed.sizeBytes), priority: 4 },
  {
    ...textColumn<DeedRow>('name', 'NAME', 'its key, or its new name', 12, ({ life, deed }) =>
      deed.rawName !== undefined
        ? escapeBytes(deed.rawName)
        : life.kind === 'sysv'
          ? escapeBytes(life.rawName)
          : undefined,
    ),
    priority: 3,
  },
];
