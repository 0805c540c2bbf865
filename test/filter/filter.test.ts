import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '../../src/filter/filter.ts';
import { OBJECT_FIELDS, parseObjectFilter } from '../../src/filter/object-filter.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import { arbitraryObject } from '../cli/arbitrary-object.ts';
import { HOSTILE_OBJECTS, holder, NOW_SEC, posix, SERVER_OBJECTS, segment } from '../cli/examples.ts';

function selected(objects: readonly ShmObject[], ...words: string[]): string[] {
  const parsed = parseObjectFilter(words);
  if ('problem' in parsed) throw new Error(`${parsed.problem.word}: ${parsed.problem.message}`);
  return objects.filter((object) => parsed.filter.matches(object, NOW_SEC)).map(({ shortId }) => shortId);
}

function problem(...words: string[]): string {
  const parsed = parseObjectFilter(words);
  return 'problem' in parsed ? `${parsed.problem.word}: ${parsed.problem.message}` : 'no problem';
}

it('bare text finds a key by what it spells, whichever way its bytes were written', () => {
  const objects = [segment(1, { key: '0x4e545030' }), segment(2, { key: '0x3050544e' }), segment(3)];
  expect(selected(objects, 'ntp0')).toEqual(['sysv:1', 'sysv:2']);
  expect(selected(objects, 'GPSD')).toEqual([]);
});

it('blanks around an operator make no other words of it', () => {
  const same = selected(SERVER_OBJECTS, 'size>1G', 'kind=posix');
  expect(same).toEqual(['posix:/psm_6a16b91e']);
  for (const text of ['size > 1G kind = posix', 'size> 1G kind =posix', 'size >1G kind= posix'])
    expect(selected(SERVER_OBJECTS, ...text.split(' '))).toEqual(same);
  expect(selected(SERVER_OBJECTS, '!kind', '=', 'posix')).toEqual(selected(SERVER_OBJECTS, '!kind=posix'));
  expect(problem('size>', 'kind=posix')).toMatch(/^size>: nothing follows/);
  // What is not finished is an error, and no word that everything fails to match.
  expect(problem('size', '>')).toMatch(/^size>: nothing follows/);
  expect(problem('nonsense', '>', '1')).toMatch(/there is no field "nonsense"/);
});

describe('filter words', () => {
  it.each([
    [[], 9],
    [['', '  '], 9],
    [['postgres'], 4],
    [['POSTGRES'], 4],
    [['!postgres'], 5],
    [['psm_'], 1],
    [['0x0000'], 3],
    [['pulse'], 1],
    [['user=postgres'], 4],
    [['user=26'], 4],
    [['user=post'], 0],
    [['user!=postgres'], 5],
    [['!user!=postgres'], 4],
    [['kind=sysv'], 3],
    [['KIND=SysV,memfd'], 4],
    [['!kind=sysv,memfd'], 5],
    [['verdict=abandoned'], 2],
    [['verdict=abandoned', 'kind=sysv'], 1],
    [['pid=812'], 4],
    [['pid=3301'], 1],
    [['comm=pulse'], 1],
    [['comm=perl'], 1],
    [['software=postgres'], 3],
    [['software=semaphore'], 0],
    [['type=semaphore'], 1],
    [['nattch=0'], 2],
    [['nattch>0'], 1],
    [['size>1G'], 1],
    [['size>=1M', 'size<=1M'], 1],
    [['rss>=10M'], 2],
    [['swap=0'], 3],
    [['age>2h'], 6],
    [['age>3d4h'], 1],
    [['idle<30m'], 1],
    [['perms=777'], 1],
    [['key=0x6'], 1],
    [['procs=6'], 3],
    [['container=web'], 0],
    [['path=/dev/shm'], 4],
    [['name=semaphore'], 0],
  ])('%j select %d objects', (words, count) => {
    expect(selected(SERVER_OBJECTS, ...words)).toHaveLength(count);
  });

  it('take a word in the form of an ID as exactly that object', () => {
    const objects = [segment(5), segment(50), posix('/a', 1), posix('/ab', 2)];
    expect(selected(objects, 'sysv:5')).toEqual(['sysv:5']);
    expect(selected(objects, 'posix:/a')).toEqual(['posix:/a']);
    expect(selected(objects, '!posix:/a')).toHaveLength(3);
    expect(selected(objects, '0x5305')).toEqual(['sysv:5']);
    expect(selected(objects, '0x00005305')).toEqual(['sysv:5']);
  });

  it('match containers by name, id or runtime, of the object or of a holder', () => {
    const object = posix('/a', 1, {
      holders: [holder(1, 'x', { container: { id: 'abcdef', name: 'web_1', runtime: 'docker' } })],
    });
    for (const word of ['container=web', 'container=abc', 'container=DOCKER'])
      expect(selected([object], word)).toHaveLength(1);
    expect(selected([object], 'container=mail')).toEqual([]);
  });

  it('match what is unknown with no comparison, so only with its negation', () => {
    const object = posix('/a', 1, { sizeBytes: undefined, user: undefined, uid: undefined });
    expect(selected([object], 'size>=0')).toEqual([]);
    expect(selected([object], '!size>=0')).toHaveLength(1);
    expect(selected([object], 'user=root')).toEqual([]);
  });

  it('never throw, and never match and mismatch the same object', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc
        .tuple(
          fc.constantFrom('', '!', '!!'),
          fc.constantFrom(...OBJECT_FIELDS.map(({ id }) => id), 'foo', 'constructor', '__proto__'),
          fc.constantFrom('=', '!=', '>', '>=', '<', '<=', '=='),
          fc.constantFrom('', '1', '1G', '2h', 'root', 'sysv', 'a,b', '[(', '\\', '-1', '1e999'),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), arbitraryObject, (words, object) => {
        const parsed = parseObjectFilter(words);
        if ('problem' in parsed) {
          expect(joinWords(words)).toContain(parsed.problem.word);
          expect(parsed.problem.message).not.toBe('');
          return;
        }
        parsed.filter.matches(object, NOW_SEC);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(word, arbitraryObject, (text, object) => {
        const plain = parseObjectFilter([text]);
        const opposite = parseObjectFilter([`!${text}`]);
        if ('problem' in plain || 'problem' in opposite || text.startsWith('!') || text.trim() === '') return;
        expect(plain.filter.matches(object, NOW_SEC)).toBe(!opposite.filter.matches(object, NOW_SEC));
      }),
      { numRuns: 1000 },
    );
  });

  it('say whether resident bytes have to be sampled', () => {
    const needsRss = (...words: string[]) => {
      const parsed = parseObjectFilter(words);
      return 'filter' in parsed && parsed.filter.needsRss;
    };
    expect(needsRss('size>1')).toBe(false);
    expect(needsRss('user=root', 'rss>1')).toBe(true);
    expect(needsRss('mem>1')).toBe(true);
  });
});

describe('words that make no sense', () => {
  it.each([
    ['size>1X', /^size>1X: "1X" is not understood; size takes bytes, such as 4096, 512K or 1.5G$/],
    ['size=', /nothing follows "="; size takes bytes/],
    ['age>yesterday', /age takes a length of time, such as 90, 500ms, 90s, 10m, 2h or 7d/],
    ['nattch=1.5', /nattch takes a whole number/],
    ['kind=shm', /"shm" is unknown; kind is one of sysv posix unlinked memfd anonymous file/],
    ['verdict=gone', /verdict is one of in-use abandoned orphaned unheld unknown/],
    ['user>1', /user takes = only/],
    ['foo=1', /there is no field "foo"; fields are user group kind/],
    ['!', /nothing follows "!"/],
  ])('%s: the message says what is allowed', (word, message) => {
    expect(problem('kind=sysv', word)).toMatch(message);
  });
});

it('finds every hostile object by the ID that ls prints', () => {
  for (const { shortId } of HOSTILE_OBJECTS) expect(selected(HOSTILE_OBJECTS, shortId)).toEqual([shortId]);
});
