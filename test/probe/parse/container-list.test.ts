// What an engine says of its containers: names as engines give them, and nothing else that somebody may have put there.
import { describe, expect, it } from 'vitest';
import { parseContainerList } from '../../../src/probe/parse/container-list.ts';

const id = (start: string) => start.padEnd(64, '0');
const namesOf = (...list: readonly unknown[]) => [...parseContainerList(list)].map(([id, { name }]) => [id, name]);

describe('the names of containers', () => {
  it('are found by the part of the id that control groups are shown with', () => {
    expect(namesOf({ id: id('abc'), name: 'shop-web-1', image: 'nginx' })).toEqual([['abc000000000', 'shop-web-1']]);
  });

  it.each([
    ['\u001b]0;owned\u0007'],
    ['two words'],
    ['web\n'],
    ['web/db'],
    ['-rf'],
    ['wéb'],
    ['w\u202eb'],
    [''],
    ['x'.repeat(254)],
    ['x'.repeat(1e7)],
    [7],
    [null],
    [['web']],
  ])('of %j there are none', (name) => {
    expect(namesOf({ id: id('abc'), name })).toEqual([]);
  });

  it.each([
    ['abc'],
    [id('abc').toUpperCase()],
    [`${id('abc')}0`],
    [id('xyz')],
    ['__proto__'],
    [7],
    [null],
    [undefined],
  ])('nor of the id %j', (wrong) => {
    expect(namesOf({ id: wrong, name: 'web' }, { id: id('abc'), name: 'db' })).toEqual([['abc000000000', 'db']]);
  });

  it('nor of an id that has two of them, whichever comes last', () => {
    const twice = [id('abc'), id('abc'), `${id('abc').slice(0, 63)}1`].map((each, at) => ({
      id: each,
      name: `c${at}`,
    }));
    expect(namesOf(...twice, { id: id('abc'), name: 'c0' }, { id: id('def'), name: 'db' })).toEqual([
      ['def000000000', 'db'],
    ]);
    expect(namesOf({ id: id('abc'), name: 'web' }, { id: id('abc'), name: 'web' })).toHaveLength(1);
  });

  it('other things in the list are passed over', () => {
    expect(namesOf(undefined, null, 7, 'web', [], {}, { id: id('abc') }, { name: 'web' })).toEqual([]);
  });
});
