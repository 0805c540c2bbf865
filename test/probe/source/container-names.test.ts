// When the engine is asked for the names of containers: in the background, at once for what is new, seldom for what nobody knows.
import { beforeEach, describe, expect, it } from 'vitest';
import { ContainerNames } from '../../../src/probe/source/container-names.ts';

let nowMs: number;
/** Questions under way. */
let asked: ((names: ReadonlyMap<string, string> | undefined) => void)[];
let book: ContainerNames;
let questions: number;

beforeEach(() => {
  nowMs = 5;
  asked = [];
  questions = 0;
  book = new ContainerNames({
    nowMs: () => nowMs,
    ask: (answered) => {
      questions++;
      asked.push(answered);
    },
  });
});

const docker = (id: string) => ({ id, runtime: 'docker' });
const nameOf = (id: string) => book.nameContainer(docker(id)).name;
const answer = (names: Record<string, string> | undefined) => asked.shift()?.(names && new Map(Object.entries(names)));
/** How many questions so many milliseconds of samples bring, each answered at once. */
function questionsDuring(
  milliseconds: number,
  ids: () => readonly string[],
  names: Record<string, string> | undefined,
) {
  const before = questions;
  for (const endMs = nowMs + milliseconds; nowMs < endMs; nowMs += 250) {
    for (const id of ids()) nameOf(id);
    answer(names);
  }
  return questions - before;
}

describe('the name of a container', () => {
  it('is asked for when it is first wanted, and there when the answer is', () => {
    expect(nameOf('a')).toBeUndefined();
    expect(nameOf('b')).toBeUndefined();
    expect(questions).toBe(1);
    answer({ a: 'web', b: 'db' });
    expect(book.nameContainer(docker('a'))).toEqual({ id: 'a', name: 'web', runtime: 'docker' });
    expect(nameOf('b')).toBe('db');
    expect(questions).toBe(1);
  });

  it('is not asked for where it is known already, or where docker does not know it', () => {
    const lxc = { id: 'web', name: 'web', runtime: 'lxc' };
    expect(book.nameContainer(lxc)).toBe(lxc);
    book.nameContainer({ id: 'a', runtime: 'crio' });
    expect(questions).toBe(0);
  });

  it('of a container that was started later is asked for at once, of one renamed within half a minute', () => {
    nameOf('a');
    answer({ a: 'web' });
    expect(questionsDuring(29_000, () => ['a'], { a: 'shop' })).toBe(0);
    nameOf('b');
    expect(questions).toBe(2);
    answer({ a: 'shop', b: 'db' });
    expect([nameOf('a'), nameOf('b')]).toEqual(['shop', 'db']);
    expect(questionsDuring(31_000, () => ['a', 'b'], { a: 'renamed', b: 'db' })).toBe(1);
    expect(nameOf('a')).toBe('renamed');
  });

  it('of one that came while a question was under way is asked for again', () => {
    nameOf('a');
    nameOf('b');
    answer({ a: 'web' });
    nowMs += 2500;
    nameOf('b');
    expect(questions).toBe(2);
  });

  it('stays what it was while the daemon does not answer', () => {
    nameOf('a');
    answer({ a: 'web' });
    expect(questionsDuring(100_000, () => ['a'], undefined)).toBeLessThanOrEqual(4);
    expect(nameOf('a')).toBe('web');
  });
});

describe('questions', () => {
  it('are one at a time', () => {
    nameOf('a');
    nowMs += 1e6;
    for (let at = 0; at < 100; at++) nameOf(`c${at}`);
    expect(questions).toBe(1);
  });

  it('of an id that nobody knows come every half minute', () => {
    expect(questionsDuring(300_000, () => ['unknown'], {})).toBeLessThanOrEqual(11);
  });

  it('come no oftener where somebody makes up new ids all the time, and what is real has its name all the same', () => {
    let made = 0;
    const makeUp = () => Array.from({ length: 1100 }, () => `made-up-${made++}`);
    expect(questionsDuring(300_000, makeUp, { a: 'web' })).toBeLessThan(16);
    questionsDuring(31_000, () => ['a', ...makeUp()], { a: 'web' });
    expect(nameOf('a')).toBe('web');
  });

  it('come no oftener where there is no daemon', () => {
    expect(questionsDuring(300_000, () => ['a', `b${nowMs}`], undefined)).toBeLessThan(16);
  });
});
