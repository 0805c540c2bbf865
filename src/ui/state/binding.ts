// What a binding of the keymap is, which are in force where, and how keys are written.
import type { Intent, Mode } from './intent.ts';
import type { ScreenId } from './screen-id.ts';

export interface Binding {
  readonly intent: Intent;
  /** As the input parser names them; the first letter key is what the help shows first. */
  readonly keys: readonly string[];
  readonly modes: readonly Mode[];
  /** The screens on whose rows it acts; absent: all. */
  readonly screens?: readonly ScreenId[];
  /** One line for the help. */
  readonly does: string;
  /** One word for the key bar; absent: not in the bar. */
  readonly label?: string;
  /** Changes the machine: not bound at all with --read-only. */
  readonly isDangerous?: boolean;
  /** Bound only where the program is told that it can do this. */
  readonly needs?: 'remove' | 'load' | 'replay';
  readonly group: 'Move' | 'Show' | 'Look' | 'Act' | 'Program';
}

/** What this run can do. `isReadOnly` leaves out every key that changes the machine. */
export interface Abilities {
  readonly isReadOnly: boolean;
  readonly remove: boolean;
  readonly load: boolean;
  /** A recording is shown, not this machine. */
  readonly replay?: boolean;
}

/** Is that there, and allowed? What changes the machine is not allowed with --read-only. */
export const isAble = (abilities: Abilities, needs: NonNullable<Binding['needs']>): boolean =>
  needs === 'replay' ? abilities.replay === true : abilities[needs] && !abilities.isReadOnly;

/** The modes whose keys act on the rows of a screen. */
export const ROWS: readonly Mode[] = ['table', 'detail'];

/** Those that mean something in this mode; where it is about rows, on this screen. */
export function keysIn(bindings: readonly Binding[], mode: Mode, screen: ScreenId): readonly Binding[] {
  const isAboutRows = ROWS.includes(mode);
  return bindings.filter(
    ({ modes, screens }) => modes.includes(mode) && (!isAboutRows || (screens?.includes(screen) ?? true)),
  );
}

/** What `key` means there; absent: nothing. */
export function intentOf(bindings: readonly Binding[], mode: Mode, screen: ScreenId, key: string): Intent | undefined {
  return keysIn(bindings, mode, screen).find(({ keys }) => keys.includes(key))?.intent;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  'page-up': 'PgUp',
  'page-down': 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  delete: 'Del',
};
const ASCII_ARROWS: Readonly<Record<string, string>> = { up: 'Up', down: 'Down', left: 'Left', right: 'Right' };

/** A key as people read it: `Ctrl-B`, `PgUp`, `↑`. */
export function spellKey(key: string, style: { readonly unicode: boolean } = { unicode: true }): string {
  const arrow = style.unicode ? undefined : ASCII_ARROWS[key];
  if (arrow !== undefined) return arrow;
  if (key.startsWith('ctrl-')) return `Ctrl-${key.slice(5).toUpperCase()}`;
  return KEY_NAMES[key] ?? key;
}
