// When the engine is asked for the names of containers: in the background, at once for what is new, seldom for what nobody knows.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ContainerFacts } from '../../../src/probe/parse/container-record.ts';
import { ContainerNames } from '../../../src/probe/source/container-names.ts';

let nowMs: number;
/** Questions under way. */
let asked: ((names: ReadonlyMap<string, ContainerFacts> | undefined) => void)[];
/** Whom the last question was about. */
let wanted: readonly string[];
let book: ContainerNames;
let questions: number;

beforeEach(() => {
  nowMs = 5;
  asked = [];
  questions = 0;
  book = new ContainerNames({
    nowMs: () => nowMs,
    ask: (answered, containers = []) => {
      questions++;
      wanted = containers.map(({ id }) => id);
      asked.push(answered);
    },
  });
});

/** The ids of control groups, short for reading. */
const ID: Readonly<Record<string, string>> = { a: 'aaaaaaaaaaaa', b: 'bbbbbbbbbbbb' };
const idOf = (id: string) => ID[id] ?? createHash('sha256').update(id).digest('hex').slice(0, 12);
const docker = (id: string) => ({ id: idOf(id), runtime: 'docker' });
const nameOf = (id: string) => book.nameContainer(docker(id)).name;
const answer = (names: Record<string, string> | undefined) =>
  asked.shift()?.(names && new Map(Object.entries(names).map(([id, name]) => [idOf(id), { name }])));
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
    expect(book.nameContainer(docker('a'))).toEqual({ id: idOf('a'), name: 'web', runtime: 'docker' });
    expect(nameOf('b')).toBe('db');
    expect(questions).toBe(1);
  });

  it('is not asked for where it is known already, or where nobody out here has a record', () => {
    const lxc = { id: 'web', name: 'web', runtime: 'lxc' };
    expect(book.nameContainer(lxc)).toBe(lxc);
    book.nameContainer({ ...docker('a'), uid: 1000 });
    book.nameContainer({ ...docker('a'), within: 'bbbbbbbbbbbb' });
    expect(questions).toBe(0);
  });

  it('of the container of a user is never that of root with the same id', () => {
    nameOf('a');
    answer({ a: 'web' });
    expect(nameOf('a')).toBe('web');
    expect(book.nameContainer({ ...docker('a'), uid: 1000 }).name).toBeUndefined();
  });

  it('is asked for of every runtime, with its image and its pod', () => {
    const crio = { id: idOf('a'), runtime: 'crio', podUid: 'u' };
    book.nameContainer(crio);
    expect(wanted).toEqual([idOf('a')]);
    asked.shift()?.(new Map([[idOf('a'), { name: 'web', image: 'nginx', pod: 'shop-0', podUid: 'other' }]]));
    const named = book.nameContainer(crio);
    // In which pod it is the control group says.
    expect(named).toEqual({ ...crio, name: 'web', image: 'nginx', pod: 'shop-0' });
    expect(book.nameContainer(crio)).toBe(named);
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
