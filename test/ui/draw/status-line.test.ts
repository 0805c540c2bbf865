// The prompt line while something is searched for: it says at once whether any row has it.
import { expect, test } from 'vitest';
import { drawStatus } from '../../../src/ui/draw/status-line.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { named, stateWith } from '../sample-objects.ts';

const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const type = (state: State, text: string): State =>
  Array.from(text).reduce((now, char) => reduce(now, { type: 'prompt-key', key: char, text: char }), state);
const line = (state: State) => drawStatus(state).replace(/\x1b\[[0-9;]*m/g, '');

test('a search that no row has says "not found" while it is typed, and stops saying so when it is found again', () => {
  const searching = press(stateWith([named('alpha'), named('beta')]), 'search');
  expect(line(searching)).not.toContain('not found');
  expect(line(type(searching, 'bet'))).not.toContain('not found');
  expect(line(type(searching, 'betx'))).toContain('betx   not found');
  const erased = reduce(type(searching, 'betx'), { type: 'prompt-key', key: 'backspace' });
  expect(line(erased)).not.toContain('not found');
});

test('it speaks of the rows that are shown: processes where those are, none where a filter leaves none', () => {
  const processes = press(stateWith([named('alpha')]), 'screen-2', 'search');
  expect(line(type(processes, 'alpha'))).toContain('not found');
  const filtered = type(press(stateWith([named('alpha')]), 'filter'), 'nothing-has-this');
  const kept = reduce(filtered, { type: 'prompt-key', key: 'enter' });
  expect(line(type(press(kept, 'search'), 'alpha'))).toContain('not found');
});
