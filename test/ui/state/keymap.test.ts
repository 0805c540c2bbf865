import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../src/ui/state/binding.ts';
import type { Mode } from '../../../src/ui/state/intent.ts';
import { boundKeys, KEYMAP } from '../../../src/ui/state/keymap.ts';
import { ALL_SCREENS } from '../../../src/ui/state/screens.ts';

const ALL = { isReadOnly: false, remove: true, load: true };
const MODES: readonly Mode[] = ['table', 'detail', 'content', 'help', 'setup', 'dialog', 'countdown', 'confirm'];

describe.each(MODES)('in mode %s', (mode) => {
  test('no key has two meanings', () => {
    const keys = KEYMAP.filter(({ modes }) => modes.includes(mode)).flatMap(({ keys }) => keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  test('q and Ctrl-C quit, Esc never does', () => {
    expect(intentOf(KEYMAP, mode, 'objects', 'q')).toBe('quit');
    expect(intentOf(KEYMAP, mode, 'objects', 'ctrl-c')).toBe('quit');
    expect(intentOf(KEYMAP, mode, 'objects', 'escape')).toBe('back');
  });
});

test('every F-key has another key that does the same', () => {
  for (const { keys } of KEYMAP.filter(({ keys }) => keys.some((key) => /^F\d/.test(key)))) {
    if (keys[0] === 'F3') continue; // the contract gives search no letter: n and N go on with it
    expect(keys.filter((key) => !/^F\d/.test(key))).not.toEqual([]);
  }
});

test('no key that changes the machine is a movement key', () => {
  const moves = new Set(KEYMAP.filter(({ group }) => group === 'Move').flatMap(({ keys }) => keys));
  const dangerous = KEYMAP.filter(({ isDangerous }) => isDangerous).flatMap(({ keys }) => keys);
  expect(dangerous.filter((key) => moves.has(key))).toEqual([]);
});

test('the key that starts a load is bound on its own screen only', () => {
  for (const { id } of ALL_SCREENS) {
    expect(intentOf(boundKeys(ALL), 'table', id, 'l')).toBe(id === 'throughput' ? 'load' : undefined);
    expect(intentOf(boundKeys(ALL), 'detail', id, 'l')).toBeUndefined();
  }
});

test('with --read-only no dangerous key is bound, nor what the program cannot do', () => {
  expect(boundKeys({ ...ALL, isReadOnly: true }).some(({ isDangerous }) => isDangerous)).toBe(false);
  const none = boundKeys({ isReadOnly: false, remove: false, load: false });
  expect(none.map(({ intent }) => intent)).not.toContain('remove');
  expect(boundKeys(ALL).map(({ intent }) => intent)).toContain('remove');
});

test('the keys of the contract are bound to what it says', () => {
  const expected: Readonly<Record<string, string>> = {
    F1: 'help',
    '?': 'help',
    h: 'help',
    F2: 'setup',
    C: 'setup',
    F3: 'search',
    n: 'search-next',
    N: 'search-previous',
    F4: 'filter',
    '/': 'filter',
    F5: 'tree',
    t: 'tree',
    '+': 'expand',
    '-': 'collapse',
    '*': 'expand-all',
    F6: 'sort',
    s: 'sort',
    '<': 'sort-previous',
    '>': 'sort-next',
    I: 'sort-reverse',
    space: 'tag',
    U: 'untag-all',
    F9: 'remove',
    d: 'remove',
    delete: 'remove',
    D: 'remove-abandoned',
    o: 'only-leftovers',
    u: 'by-user',
    z: 'pause',
    F: 'follow',
    '[': 'slower',
    ']': 'faster',
    x: 'content',
    y: 'copy',
    'ctrl-s': 'save',
    m: 'mouse',
    'ctrl-l': 'redraw',
    'ctrl-z': 'suspend',
    F10: 'quit',
    q: 'quit',
    enter: 'open',
    escape: 'back',
    tab: 'next-screen',
    'shift-tab': 'previous-screen',
    '1': 'screen-1',
    '2': 'screen-2',
    '4': 'screen-4',
    '6': 'screen-6',
    up: 'up',
    k: 'up',
    down: 'down',
    j: 'down',
    'page-up': 'page-up',
    'ctrl-b': 'page-up',
    'page-down': 'page-down',
    'ctrl-f': 'page-down',
    home: 'first',
    g: 'first',
    end: 'last',
    G: 'last',
    left: 'left',
    right: 'right',
  };
  expect(
    Object.fromEntries(Object.keys(expected).map((key) => [key, intentOf(boundKeys(ALL), 'table', 'objects', key)])),
  ).toEqual(expected);
});

test('the only place that reads input is the dispatcher: Ink is never asked for keys', () => {
  const app = readFileSync(new URL('../../../src/ui/app.tsx', import.meta.url), 'utf8');
  expect(app).not.toContain('useInput');
});
