// One [[software]] row of config.toml: a table of TOML into a row of the software table, or why it is none.
import { literalStart } from '../probe/model/judge/expression-start.ts';
import type { LeftoverRule, SoftwareRow, SysvTraits } from '../probe/model/judge/software.ts';
import { parseDuration } from '../ui/format/duration.ts';
import { objectionTo } from './expression.ts';

/** What may stand in a row; `leftover` absent: it only names. */
const WORDS = [
  ...['name', 'role', 'path', 'memfd', 'key', 'user', 'comm', 'perms', 'size', 'leftover', 'process', 'of', 'patience'],
  ...['outlives', 'breaks', 'cleanup'],
];
const LEFTOVERS = ['never', 'unknown', 'pid-dead', 'no-process', 'unheld'] as const;
/** A rule that makes something provable must say of whose objects: no row may claim what begins with anything. */
const LEAST_START = 3;
const LEAST_PATIENCE_SEC = { 'pid-dead': 60, 'no-process': 120, unheld: 120 } as const;
const MOST_TEXT = 200;

/** Thrown inside this file only: what is wrong with the row, as the rest of a sentence. */
class Objection extends Error {}

type Table = Readonly<Record<string, unknown>>;

/** `place` is where it stands, in words. */
export function understandRow(table: Table, place: string, nowMs: () => number): SoftwareRow | string {
  try {
    return rowOf(table, place, nowMs);
  } catch (error) {
    if (error instanceof Objection) return error.message;
    throw error;
  }
}

/** Meant to protect, as far as anybody can tell: what cannot be understood must not lead to a removal. */
export function mayBeVeto({ leftover }: Table): boolean {
  return leftover !== undefined && !LEFTOVERS.some((word) => word === leftover && word !== 'never');
}

function rowOf(table: Table, place: string, nowMs: () => number): SoftwareRow {
  const strange = Object.keys(table).find((key) => !WORDS.includes(key));
  if (strange !== undefined) throw new Objection(`"${strange}" is not known; rows have ${WORDS.join(' ')}`);
  const name = textOf(table, 'name') ?? wanted('name');
  const match = matchOf(table, nowMs);
  const leftover = leftoverOf(table, match, nowMs);
  const patienceSec = patienceOf(table, leftover);
  return {
    match,
    name,
    role: textOf(table, 'role') ?? 'object of a program in config.toml',
    outlives: flagOf(table, 'outlives') ?? leftover.when === 'never',
    leftover,
    ...(patienceSec === undefined ? {} : { patienceSec }),
    removalBreaks: textOf(table, 'breaks') ?? 'what its config does not say',
    cleanup: textOf(table, 'cleanup'),
    source: place,
    mark: 'D',
  };
}

function wanted(key: string): never {
  throw new Objection(`it needs ${key}`);
}

function textOf(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= MOST_TEXT) return value;
  throw new Objection(`${key} is text of 1 to ${MOST_TEXT} characters`);
}

function flagOf(table: Table, key: string): boolean | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Objection(`${key} is true or false`);
}

function expressionOf(table: Table, key: string, nowMs: () => number): RegExp | undefined {
  const source = table[key];
  if (source === undefined) return undefined;
  if (typeof source !== 'string') throw new Objection(`${key} is an expression in quotes, such as '^book-\\d{1,7}$'`);
  const objection = objectionTo(source, nowMs);
  if (objection !== undefined) throw new Objection(`the expression of ${key} ${objection}`);
  return new RegExp(source);
}

function matchOf(table: Table, nowMs: () => number): SoftwareRow['match'] {
  const path = expressionOf(table, 'path', nowMs);
  const memfd = expressionOf(table, 'memfd', nowMs);
  const key = expressionOf(table, 'key', nowMs);
  const user = expressionOf(table, 'user', nowMs);
  const comm = expressionOf(table, 'comm', nowMs);
  const perms = textOf(table, 'perms');
  const size = table.size;
  if (size !== undefined && !(typeof size === 'number' && Number.isSafeInteger(size) && size > 0))
    throw new Objection('size is a number of bytes');
  const isSysv =
    key !== undefined || user !== undefined || comm !== undefined || perms !== undefined || size !== undefined;
  if (Number(path !== undefined) + Number(memfd !== undefined) + Number(isSysv) !== 1)
    throw new Objection(
      'it needs one of path (a name in /dev/shm), memfd, or for segments key, user, comm, perms and size',
    );
  if (path) return { on: 'posix', path };
  if (memfd) return { on: 'memfd', name: memfd };
  const test = (segment: SysvTraits) =>
    (key?.test(segment.key) ?? true) &&
    (user === undefined || (segment.user !== undefined && user.test(segment.user))) &&
    (comm === undefined || (segment.comm !== undefined && comm.test(segment.comm))) &&
    (perms === undefined || perms === segment.perms) &&
    (size === undefined || size === segment.sizeBytes);
  return { on: 'sysv', test };
}

function leftoverOf(table: Table, match: SoftwareRow['match'], nowMs: () => number): LeftoverRule {
  const word = table.leftover ?? 'unknown';
  const when = LEFTOVERS.find((known) => known === word);
  if (when === undefined) throw new Objection(`leftover is one of ${LEFTOVERS.join(' ')}`);
  const process = expressionOf(table, 'process', nowMs);
  const of = table.of ?? 'any';
  if (of !== 'any' && of !== 'user') throw new Objection('of is "any" or "user"');
  if (process && when !== 'no-process' && when !== 'pid-dead')
    throw new Objection('process goes with leftover = "no-process" or "pid-dead"');
  if (when === 'unknown') return { when };
  if (when === 'never') return { when, because: 'keeps' };
  if (match.on !== 'posix')
    throw new Objection(`leftover = "${when}" is for names in /dev/shm: of others only never, unknown`);
  const { source } = match.path;
  if (literalStart(source).length < LEAST_START)
    throw new Objection(
      `leftover = "${when}" wants a path that begins with at least ${LEAST_START} letters of its own`,
    );
  if (when === 'unheld') return { when };
  if (when === 'no-process') return { when, comm: process ?? wanted('process'), of };
  if (!source.includes('(?<pid>')) throw new Objection('leftover = "pid-dead" wants (?<pid>\\d{1,7}) in its path');
  return process ? { when: 'name-pid-dead', andNoProcess: process } : { when: 'name-pid-dead' };
}

function patienceOf({ patience }: Table, { when }: LeftoverRule): number | undefined {
  const least =
    when === 'name-pid-dead'
      ? LEAST_PATIENCE_SEC['pid-dead']
      : when === 'no-process' || when === 'unheld'
        ? LEAST_PATIENCE_SEC[when]
        : undefined;
  if (patience === undefined) return least;
  const seconds =
    typeof patience === 'number' ? patience : typeof patience === 'string' ? parseDuration(patience) : undefined;
  if (seconds === undefined || !(seconds >= 0)) throw new Objection('patience is seconds or text such as "10m"');
  if (least !== undefined && seconds < least)
    throw new Objection(`patience is at least ${least} seconds with this leftover`);
  return seconds;
}
