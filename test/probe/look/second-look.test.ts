// A maker that ends while we look: what it left is judged by a table that was read after its end.
import { expect, test } from 'vitest';
import { type Fixture, openFixture as open } from '../../support/fixture.ts';

/** Only segment 1 is of process 700. */
function openFixture(name: string): Fixture {
  const fixture = open(name);
  fixture.edit('sysvipc/shm', (text) => text.replaceAll(' 700   700 ', ' 701   701 '));
  return fixture;
}

const CREATED = /^(-173342718 .* 12117) {3}700 {5}0 {6}0/m;
/** `meanwhile` happens between the reading of the segment table and the look at makers. */
const stateOf = (fixture: Fixture, meanwhile: () => void) => {
  const { objects } = fixture.sample({ minAgeSec: 0, onSegments: meanwhile });
  const { verdict, nattch, lastUser } = objects.find(({ shortId }) => shortId === 'sysv:1') ?? {};
  return { state: verdict?.state, nattch, lastUser: lastUser?.state };
};

test.each([
  ['is gone', (fixture: Fixture) => fixture.remove('700')],
  ['is a zombie', (fixture: Fixture) => fixture.edit('700/stat', (text) => text.replace(/\) S /, ') Z '))],
])('a creator that attached, forked and %s meanwhile has left its segment to its child', (_, end) => {
  using fixture = openFixture('linux-6.18');
  const meanwhile = () => {
    fixture.edit('sysvipc/shm', (text) => text.replace(CREATED, '$1   700   700      1'));
    end(fixture);
  };
  expect(stateOf(fixture, meanwhile)).toMatchObject({ state: 'in-use', nattch: 1 });
});

test('a creator that ended meanwhile and left its segment to one who is not attached is not the last to want it', () => {
  using fixture = openFixture('linux-6.18');
  const meanwhile = () => {
    fixture.edit('sysvipc/shm', (text) => text.replace(CREATED, '$1   700   701      0'));
    fixture.remove('700');
  };
  expect(stateOf(fixture, meanwhile)).toEqual({ state: 'unheld', nattch: 0, lastUser: 'alive' });
});

test('a creator that just ended meanwhile is gone', () => {
  using fixture = openFixture('linux-6.18');
  expect(stateOf(fixture, () => fixture.remove('700')).state).toBe('orphaned');
});
