// The lines of the setup: settings that take the next value, then the columns of the table in their order.
import { itemAt } from '../../probe/model/item-at.ts';
import { screenOf } from './screens.ts';
import { INTERVALS_MS, type Settings, type State, THEME_NAMES } from './state.ts';
import { chosenColumns, shownColumns, type Table, withChoice } from './table.ts';
import { OBJECT_TABLE } from './tables.ts';

export type SetupItem =
  | {
      readonly kind: 'choice';
      readonly id: 'theme' | 'interval' | 'mouse' | 'follow' | 'header' | 'reset';
      readonly title: string;
      readonly value: string;
    }
  | {
      readonly kind: 'column';
      readonly id: string;
      readonly title: string;
      readonly meaning: string;
      readonly isShown: boolean;
    };

/** The table whose columns the setup is about: that of the screen, or the objects where it has none. */
export const setupTable = (state: State): Table => screenOf(state.screen).table ?? OBJECT_TABLE;

export function setupItems(state: State): readonly SetupItem[] {
  const { theme, intervalMs, isMouseOn, isFollowing, isHeaderShown } = state.settings;
  const table = setupTable(state);
  const onOff = (isOn: boolean) => (isOn ? 'on' : 'off');
  const shown = shownColumns(state, table);
  const shownIds = new Set(shown.map(({ id }) => id));
  const rest = table.columns.filter(({ id }) => !shownIds.has(id));
  return [
    { kind: 'choice', id: 'theme', title: 'Theme', value: theme },
    { kind: 'choice', id: 'interval', title: 'Refresh every', value: `${intervalMs / 1000} s` },
    { kind: 'choice', id: 'header', title: 'Meters', value: onOff(isHeaderShown) },
    { kind: 'choice', id: 'mouse', title: 'Mouse', value: onOff(isMouseOn) },
    { kind: 'choice', id: 'follow', title: 'Follow the selection', value: onOff(isFollowing) },
    {
      kind: 'choice',
      id: 'reset',
      title: 'Columns',
      value: chosenColumns(state, table)
        ? 'as chosen below (Enter: back to the usual ones)'
        : 'the usual ones, as many as fit',
    },
    ...[...shown, ...rest].map(
      ({ id, title, meaning }): SetupItem => ({ kind: 'column', id, title, meaning, isShown: shownIds.has(id) }),
    ),
  ];
}

/** What tells an item from all others, whatever line it is on. */
export const setupKey = ({ kind, id }: SetupItem): string => `${kind} ${id}`;

/** The line of the marked item. */
export function setupAt(items: readonly SetupItem[], key: string | undefined): number {
  return Math.max(
    0,
    items.findIndex((item) => setupKey(item) === key),
  );
}

/** The state after Enter or Space on an item. */
export function toggleItem(state: State, item: SetupItem): State {
  const table = setupTable(state);
  if (item.kind === 'column') {
    const ids = shownColumns(state, table).map(({ id }) => id);
    const columns = item.isShown ? ids.filter((id) => id !== item.id) : [...ids, item.id];
    return columns.length > 0 ? withChoice(state, table, { columns }) : state;
  }
  if (item.id === 'reset') return withChoice(state, table, { columns: undefined });
  return { ...state, settings: { ...state.settings, ...nextValue(state.settings, item.id) } };
}

function nextValue(
  settings: Settings,
  id: Exclude<(SetupItem & { kind: 'choice' })['id'], 'reset'>,
): Partial<Settings> {
  switch (id) {
    case 'theme':
      return { theme: after(THEME_NAMES, settings.theme) };
    case 'interval':
      return { intervalMs: after(INTERVALS_MS, settings.intervalMs) };
    case 'header':
      return { isHeaderShown: !settings.isHeaderShown };
    case 'mouse':
      return { isMouseOn: !settings.isMouseOn };
    case 'follow':
      return { isFollowing: !settings.isFollowing };
  }
}

/** The order of the columns after one was moved; undefined where it cannot move. */
export function moveColumn(state: State, id: string, step: 1 | -1): readonly string[] | undefined {
  const ids = shownColumns(state, setupTable(state)).map((column) => column.id);
  const at = ids.indexOf(id);
  const to = at + step;
  if (at < 0 || to < 0 || to >= ids.length) return undefined;
  const columns = [...ids];
  columns.splice(at, 1);
  columns.splice(to, 0, id);
  return columns;
}

/** One of the values may be that there is none. */
const after = <Value>(values: readonly Value[], value: Value): Value => {
  const others = values.map((each) => ({ each }));
  return itemAt(others, (values.indexOf(value) + 1) % values.length).each;
};
