// THE table of screens: their numbers in the contract, what they need, and how their list is laid out.
import { type Abilities, isAble } from './binding.ts';

export type ScreenId = 'objects' | 'processes' | 'events' | 'throughput' | 'ceilings';

export interface Screen {
  readonly id: ScreenId;
  /** The key that the contract gives it. */
  readonly number: number;
  readonly title: string;
  /** `table`: rows under columns that can be sorted, with details beside or instead of them. `whole`: one block of lines. */
  readonly kind: 'table' | 'whole';
  /** Lines above its list, and those that one row takes. */
  readonly titleLines: number;
  readonly rowLines: number;
  /** Shown only where the program is told that it can do this. */
  readonly needs?: 'load';
  /** The meters stand above it from this height of the terminal on; absent: always. */
  readonly metersFrom?: number;
}

const SCREENS: readonly Screen[] = [
  { id: 'objects', number: 1, title: 'Objects', kind: 'table', titleLines: 1, rowLines: 1 },
  { id: 'processes', number: 2, title: 'Processes', kind: 'table', titleLines: 1, rowLines: 1 },
  { id: 'events', number: 3, title: 'Events', kind: 'whole', titleLines: 2, rowLines: 1 },
  {
    id: 'throughput',
    number: 4,
    title: 'Throughput',
    kind: 'whole',
    titleLines: 1,
    rowLines: 1,
    needs: 'load',
    metersFrom: 40,
  },
  { id: 'ceilings', number: 6, title: 'Ceilings', kind: 'whole', titleLines: 1, rowLines: 3 },
];

/** The screens that this run has, in the order of their tabs. */
export const screensOf = (abilities: Abilities): readonly Screen[] =>
  SCREENS.filter(({ needs }) => needs === undefined || isAble(abilities, needs));

const BY_ID = new Map(SCREENS.map((screen) => [screen.id, screen]));

export function screenOf(id: ScreenId): Screen {
  const screen = BY_ID.get(id);
  if (!screen) throw new Error(`no screen ${id}: the table of screens lacks it`);
  return screen;
}
