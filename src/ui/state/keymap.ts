// THE keymap: help, key bar, README and man page are printed from it, and the only dispatcher looks keys up in it.

/** What takes the keys at the moment. */
export type Mode = 'table' | 'detail' | 'content' | 'help' | 'setup' | 'prompt' | 'dialog';

/** What a key asks for. The reducer changes the state for it, or a command acts on the world. */
export type Intent =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'open'
  | 'back'
  | 'next-screen'
  | 'previous-screen'
  | 'screen-1'
  | 'screen-2'
  | 'screen-3'
  | 'screen-4'
  | 'screen-5'
  | 'screen-6'
  | 'help'
  | 'setup'
  | 'search'
  | 'search-next'
  | 'search-previous'
  | 'filter'
  | 'tree'
  | 'expand'
  | 'collapse'
  | 'expand-all'
  | 'sort'
  | 'sort-previous'
  | 'sort-next'
  | 'sort-reverse'
  | 'tag'
  | 'untag-all'
  | 'remove'
  | 'remove-abandoned'
  | 'only-leftovers'
  | 'by-user'
  | 'pause'
  | 'follow'
  | 'slower'
  | 'faster'
  | 'load'
  | 'content'
  | 'copy'
  | 'save'
  | 'mouse'
  | 'redraw'
  | 'suspend'
  | 'quit'
  | 'accept'
  | 'toggle'
  | 'move-earlier'
  | 'move-later';

export interface Binding {
  readonly intent: Intent;
  /** As the input parser names them; the first letter key is what the help shows first. */
  readonly keys: readonly string[];
  readonly modes: readonly Mode[];
  /** One line for the help. */
  readonly does: string;
  /** One word for the key bar; absent: not in the bar. */
  readonly label?: string;
  /** Changes the machine: not bound at all with --read-only. */
  readonly isDangerous?: boolean;
  /** Bound only where the program is told that it can do this. */
  readonly needs?: 'remove' | 'load';
  readonly group: 'Move' | 'Show' | 'Look' | 'Act' | 'Program';
}

const LISTS: readonly Mode[] = ['table', 'detail', 'content', 'help', 'setup', 'dialog'];
const VIEWS: readonly Mode[] = ['table', 'detail', 'content', 'help', 'setup'];
const ROWS: readonly Mode[] = ['table', 'detail'];
const TABLE: readonly Mode[] = ['table'];

export const KEYMAP: readonly Binding[] = [
  {
    intent: 'help',
    keys: ['F1', '?', 'h'],
    modes: ['table', 'detail', 'content', 'setup'],
    does: 'help: all keys, searchable',
    label: 'Help',
    group: 'Program',
  },
  {
    intent: 'setup',
    keys: ['F2', 'C'],
    modes: ROWS,
    does: 'columns, header, theme, interval',
    label: 'Setup',
    group: 'Program',
  },
  {
    intent: 'search',
    keys: ['F3'],
    modes: [...ROWS, 'help'],
    does: 'search: jump to the next row with this text',
    label: 'Search',
    group: 'Look',
  },
  {
    intent: 'filter',
    keys: ['F4', '/'],
    modes: [...ROWS, 'help'],
    does: 'filter as you type: text, or words such as user=postgres size>1G',
    label: 'Filter',
    group: 'Look',
  },
  {
    intent: 'tree',
    keys: ['F5', 't'],
    modes: TABLE,
    does: 'tree: by software, user, container, namespace; then flat again',
    label: 'Tree',
    group: 'Look',
  },
  {
    intent: 'sort',
    keys: ['F6', 's'],
    modes: TABLE,
    does: 'choose the column to sort by',
    label: 'Sort',
    group: 'Look',
  },
  {
    intent: 'content',
    keys: ['x'],
    modes: ROWS,
    does: 'content in hex and text, read without attaching',
    label: 'Content',
    group: 'Show',
  },
  {
    intent: 'remove',
    keys: ['F9', 'd', 'delete'],
    modes: ROWS,
    does: 'remove: what is abandoned with one key, anything else after a question',
    label: 'Remove',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'remove-abandoned',
    keys: ['D'],
    modes: TABLE,
    does: 'remove all that is abandoned: listed first',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  { intent: 'quit', keys: ['F10', 'q', 'ctrl-c'], modes: [...LISTS], does: 'quit', label: 'Quit', group: 'Program' },

  { intent: 'up', keys: ['up', 'k'], modes: LISTS, does: 'one row up', group: 'Move' },
  { intent: 'down', keys: ['down', 'j'], modes: LISTS, does: 'one row down', group: 'Move' },
  { intent: 'page-up', keys: ['page-up', 'ctrl-b'], modes: LISTS, does: 'one page up', group: 'Move' },
  { intent: 'page-down', keys: ['page-down', 'ctrl-f'], modes: LISTS, does: 'one page down', group: 'Move' },
  { intent: 'first', keys: ['home', 'g'], modes: LISTS, does: 'first row', group: 'Move' },
  { intent: 'last', keys: ['end', 'G'], modes: LISTS, does: 'last row', group: 'Move' },
  { intent: 'left', keys: ['left'], modes: LISTS, does: 'scroll columns to the left; value before', group: 'Move' },
  { intent: 'right', keys: ['right'], modes: LISTS, does: 'scroll columns to the right; next value', group: 'Move' },
  {
    intent: 'toggle',
    keys: ['enter', 'space'],
    modes: ['setup'],
    does: 'switch on or off, or take the next value',
    label: 'Change',
    group: 'Program',
  },
  {
    intent: 'move-earlier',
    keys: ['<', 'K'],
    modes: ['setup'],
    does: 'move the column to the left',
    label: 'Earlier',
    group: 'Program',
  },
  {
    intent: 'move-later',
    keys: ['>', 'J'],
    modes: ['setup'],
    does: 'move the column to the right',
    label: 'Later',
    group: 'Program',
  },

  {
    intent: 'open',
    keys: ['enter'],
    modes: ['table', 'detail'],
    does: 'details of the object or process; in the tree: open or close',
    group: 'Show',
  },
  { intent: 'accept', keys: ['enter', 'space'], modes: ['dialog'], does: 'take the marked choice', group: 'Act' },
  {
    intent: 'back',
    keys: ['escape'],
    modes: LISTS,
    does: 'back; then clear the search, then the filter',
    group: 'Show',
  },
  { intent: 'next-screen', keys: ['tab'], modes: ROWS, does: 'next screen', group: 'Show' },
  { intent: 'previous-screen', keys: ['shift-tab'], modes: ROWS, does: 'screen before', group: 'Show' },
  { intent: 'screen-1', keys: ['1'], modes: ROWS, does: 'objects', group: 'Show' },
  { intent: 'screen-2', keys: ['2'], modes: ROWS, does: 'processes: who holds what', group: 'Show' },
  {
    intent: 'screen-4',
    keys: ['4'],
    modes: ROWS,
    does: 'throughput: how fast it is here',
    needs: 'load',
    group: 'Show',
  },
  { intent: 'screen-6', keys: ['6'], modes: ROWS, does: 'ceilings: how near each limit is', group: 'Show' },

  { intent: 'search-next', keys: ['n'], modes: [...ROWS, 'help'], does: 'next match of the search', group: 'Look' },
  { intent: 'search-previous', keys: ['N'], modes: [...ROWS, 'help'], does: 'match before', group: 'Look' },
  { intent: 'expand', keys: ['+'], modes: TABLE, does: 'open a group, or show who holds an object', group: 'Look' },
  { intent: 'collapse', keys: ['-'], modes: TABLE, does: 'close it', group: 'Look' },
  { intent: 'expand-all', keys: ['*'], modes: TABLE, does: 'open or close all groups', group: 'Look' },
  { intent: 'sort-previous', keys: ['<'], modes: TABLE, does: 'sort by the column to the left', group: 'Look' },
  { intent: 'sort-next', keys: ['>'], modes: TABLE, does: 'sort by the column to the right', group: 'Look' },
  { intent: 'sort-reverse', keys: ['I'], modes: TABLE, does: 'reverse the order', group: 'Look' },
  {
    intent: 'only-leftovers',
    keys: ['o'],
    modes: TABLE,
    does: 'only what nobody holds: unheld and abandoned',
    group: 'Look',
  },
  {
    intent: 'by-user',
    keys: ['u'],
    modes: TABLE,
    does: 'only what belongs to the user of the selected row',
    group: 'Look',
  },
  { intent: 'pause', keys: ['z'], modes: VIEWS, does: 'pause: nothing moves until pressed again', group: 'Look' },
  {
    intent: 'follow',
    keys: ['F'],
    modes: ROWS,
    does: 'follow: keep the selected row in sight when the order changes',
    group: 'Look',
  },

  { intent: 'tag', keys: ['space'], modes: TABLE, does: 'tag the row and go to the next', group: 'Act' },
  { intent: 'untag-all', keys: ['U'], modes: TABLE, does: 'untag all', group: 'Act' },
  { intent: 'copy', keys: ['y'], modes: ROWS, does: 'copy the ID to the clipboard (OSC 52)', group: 'Act' },
  {
    intent: 'save',
    keys: ['ctrl-s'],
    modes: VIEWS,
    does: 'write the snapshot as JSON into the current directory',
    group: 'Act',
  },
  {
    intent: 'load',
    keys: ['l'],
    modes: TABLE,
    does: 'start or stop the load generator, which measures how fast shared memory is',
    isDangerous: true,
    needs: 'load',
    group: 'Act',
  },

  { intent: 'slower', keys: ['['], modes: VIEWS, does: 'refresh less often', group: 'Program' },
  { intent: 'faster', keys: [']'], modes: VIEWS, does: 'refresh more often', group: 'Program' },
  {
    intent: 'mouse',
    keys: ['m'],
    modes: VIEWS,
    does: 'mouse on or off: wheel scrolls, click selects, click on a title sorts',
    group: 'Program',
  },
  { intent: 'redraw', keys: ['ctrl-l'], modes: LISTS, does: 'draw everything again', group: 'Program' },
  { intent: 'suspend', keys: ['ctrl-z'], modes: LISTS, does: 'suspend, to the shell', group: 'Program' },
];

/** What this run can do. `isReadOnly` leaves out every key that changes the machine. */
export interface Abilities {
  readonly isReadOnly: boolean;
  readonly remove: boolean;
  readonly load: boolean;
}

/** Is that there, and allowed? All that can be needed changes the machine. */
export const isAble = (abilities: Abilities, needs: 'remove' | 'load'): boolean =>
  abilities[needs] && !abilities.isReadOnly;

/** The bindings that are in force. */
export function boundKeys(abilities: Abilities): readonly Binding[] {
  return KEYMAP.filter(
    ({ isDangerous, needs }) =>
      !(isDangerous && abilities.isReadOnly) && (needs === undefined || isAble(abilities, needs)),
  );
}

/** What `key` means in `mode`; absent: nothing. */
export function intentOf(bindings: readonly Binding[], mode: Mode, key: string): Intent | undefined {
  return bindings.find(({ keys, modes }) => modes.includes(mode) && keys.includes(key))?.intent;
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
