// THE keymap: help, key bar, README and man page are printed from it, and the only dispatcher looks keys up in it.
import { type Abilities, type Binding, isAble, ROWS } from './binding.ts';
import type { Mode } from './intent.ts';
import { REMOVAL_KEYS } from './removal-keys.ts';
import type { ScreenId } from './screen-id.ts';
import { ALL_SCREENS, screensWhere } from './screens.ts';

const LISTS: readonly Mode[] = ['table', 'detail', 'content', 'help', 'setup', 'dialog'];
const SCROLLS: readonly Mode[] = [...LISTS, 'confirm'];
const ALWAYS: readonly Mode[] = [...SCROLLS, 'countdown'];
const VIEWS: readonly Mode[] = ['table', 'detail', 'content', 'help', 'setup'];
const TABLE: readonly Mode[] = ['table'];
const TREE: readonly ScreenId[] = ['objects'];
const GROUPED: readonly ScreenId[] = [...TREE, 'where'];
const OBJECTS = screensWhere(({ object, members }) => (object ?? members) !== undefined);
const SORTED = screensWhere(({ table }) => table?.sort !== undefined);
const TABLES = screensWhere(({ table }) => table !== undefined);
/** A load makes the machine busy: nobody starts one by a slip between j, k and h in a table. */
const LOADS = screensWhere(({ asks }) => asks === 'load');
const FOUND = screensWhere(({ finder }) => finder !== undefined);

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
    screens: FOUND,
    does: 'search: jump to the next row with this text',
    label: 'Search',
    group: 'Look',
  },
  {
    intent: 'filter',
    keys: ['F4', '/'],
    modes: [...ROWS, 'help'],
    screens: TABLES,
    does: 'filter as you type: text, or words such as user=postgres size>1G',
    label: 'Filter',
    group: 'Look',
  },
  {
    intent: 'tree',
    keys: ['F5', 't'],
    modes: TABLE,
    screens: GROUPED,
    does: 'tree: by software, user, container, namespace; then flat again; where: by whom',
    label: 'Group',
    group: 'Look',
  },
  {
    intent: 'sort',
    keys: ['F6', 's'],
    modes: TABLE,
    screens: SORTED,
    does: 'choose the column to sort by',
    label: 'Sort',
    group: 'Look',
  },
  {
    intent: 'content',
    keys: ['x'],
    modes: ROWS,
    screens: screensWhere(({ object, about }) => (object ?? about) !== undefined),
    does: 'content in hex and text, read without attaching',
    label: 'Content',
    group: 'Show',
  },
  ...REMOVAL_KEYS,
  { intent: 'quit', keys: ['F10', 'q', 'ctrl-c'], modes: ALWAYS, does: 'quit', label: 'Quit', group: 'Program' },

  { intent: 'up', keys: ['up', 'k'], modes: SCROLLS, does: 'one row up', group: 'Move' },
  { intent: 'down', keys: ['down', 'j'], modes: SCROLLS, does: 'one row down', group: 'Move' },
  { intent: 'page-up', keys: ['page-up', 'ctrl-b'], modes: SCROLLS, does: 'one page up', group: 'Move' },
  { intent: 'page-down', keys: ['page-down', 'ctrl-f'], modes: SCROLLS, does: 'one page down', group: 'Move' },
  { intent: 'first', keys: ['home', 'g'], modes: SCROLLS, does: 'first row', group: 'Move' },
  { intent: 'last', keys: ['end', 'G'], modes: SCROLLS, does: 'last row', group: 'Move' },
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
    does: 'details of the object or process; in the tree: open or close; of an event: go to its object; of an owner: to its objects',
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
  ...ALL_SCREENS.map(
    ({ number, does, needs }): Binding => ({
      intent: `screen-${number}`,
      keys: [String(number)],
      modes: ROWS,
      does,
      needs,
      group: 'Show',
    }),
  ),

  {
    intent: 'search-next',
    keys: ['n'],
    modes: [...ROWS, 'help'],
    screens: FOUND,
    does: 'next match of the search',
    group: 'Look',
  },
  {
    intent: 'search-previous',
    keys: ['N'],
    modes: [...ROWS, 'help'],
    screens: FOUND,
    does: 'match before',
    group: 'Look',
  },
  {
    intent: 'expand',
    keys: ['+'],
    modes: TABLE,
    screens: TREE,
    does: 'open a group, or show who holds an object',
    group: 'Look',
  },
  { intent: 'collapse', keys: ['-'], modes: TABLE, screens: TREE, does: 'close it', group: 'Look' },
  {
    intent: 'expand-all',
    keys: ['*'],
    modes: TABLE,
    screens: TREE,
    does: 'open or close all groups',
    group: 'Look',
  },
  {
    intent: 'sort-previous',
    keys: ['<'],
    modes: TABLE,
    screens: SORTED,
    does: 'sort by the column to the left',
    group: 'Look',
  },
  {
    intent: 'sort-next',
    keys: ['>'],
    modes: TABLE,
    screens: SORTED,
    does: 'sort by the column to the right',
    group: 'Look',
  },
  {
    intent: 'sort-reverse',
    keys: ['I'],
    modes: TABLE,
    screens: TABLES,
    does: 'reverse the order; events: newest first or last',
    group: 'Look',
  },
  {
    intent: 'only-leftovers',
    keys: ['o'],
    modes: TABLE,
    screens: OBJECTS,
    does: 'only what nobody holds: abandoned, orphaned and unheld',
    group: 'Look',
  },
  {
    intent: 'by-user',
    keys: ['u'],
    modes: TABLE,
    screens: screensWhere(({ object }) => object !== undefined),
    does: 'only what belongs to the user of the selected row',
    group: 'Look',
  },
  {
    intent: 'who',
    keys: ['w'],
    modes: ROWS,
    does: 'who fills it: what alarms, or /dev/shm; ceilings: the selected one; where: the next one',
    group: 'Look',
  },
  { intent: 'pause', keys: ['z'], modes: VIEWS, does: 'pause: nothing moves until pressed again', group: 'Look' },
  { intent: 'earlier', keys: [','], modes: VIEWS, does: 'replay: ten seconds back', needs: 'replay', group: 'Look' },
  { intent: 'later', keys: ['.'], modes: VIEWS, does: 'replay: ten seconds on', needs: 'replay', group: 'Look' },
  {
    intent: 'follow',
    keys: ['F'],
    modes: ROWS,
    does: 'follow: keep the selected row in sight when the order changes',
    group: 'Look',
  },

  {
    intent: 'tag',
    keys: ['space'],
    modes: TABLE,
    screens: [...OBJECTS, 'throughput'],
    does: 'tag the row and go to the next; next value',
    group: 'Act',
  },
  { intent: 'untag-all', keys: ['U'], modes: TABLE, screens: OBJECTS, does: 'untag all', group: 'Act' },
  {
    intent: 'copy',
    keys: ['y'],
    modes: ROWS,
    screens: screensWhere(({ copies }) => copies !== undefined),
    does: 'copy the ID to the clipboard (OSC 52)',
    group: 'Act',
  },
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
    screens: LOADS,
    does: 'start or stop the load generator, which measures how fast shared memory is',
    isDangerous: true,
    needs: 'load',
    group: 'Act',
  },
  {
    intent: 'tour',
    keys: ['T'],
    modes: TABLE,
    screens: LOADS,
    does: 'tour: ten short scenes of what shared memory does',
    isDangerous: true,
    needs: 'load',
    group: 'Act',
  },

  { intent: 'slower', keys: ['['], modes: VIEWS, does: 'refresh less often; replay slower', group: 'Program' },
  { intent: 'faster', keys: [']'], modes: VIEWS, does: 'refresh more often; replay faster', group: 'Program' },
  {
    intent: 'mouse',
    keys: ['m'],
    modes: VIEWS,
    does: 'mouse on or off: wheel scrolls, click selects, click on a title sorts',
    group: 'Program',
  },
  { intent: 'redraw', keys: ['ctrl-l'], modes: ALWAYS, does: 'draw everything again', group: 'Program' },
  { intent: 'suspend', keys: ['ctrl-z'], modes: ALWAYS, does: 'suspend, to the shell', group: 'Program' },
];

/** The bindings that are in force. */
export function boundKeys(abilities: Abilities): readonly Binding[] {
  return KEYMAP.filter(
    ({ isDangerous, needs }) =>
      !(isDangerous && abilities.isReadOnly) && (needs === undefined || isAble(abilities, needs)),
  );
}
