// What a witness says for and against a leak, in words: evidence whose values come out of the life of an object.
import { type ByteString, escapeBytes } from '../bytes.ts';

interface Values {
  readonly pid?: number;
  readonly comm?: ByteString;
  readonly count?: number;
  readonly seconds?: number;
  readonly limitSeconds?: number;
  /** Made safe before it comes here. */
  readonly detail?: string;
}

const plural = (count: number | undefined, one: string, many: string) => `${count ?? 0} ${count === 1 ? one : many}`;
/** `python3[1234]`; a process that had ended before it could be looked at has no name. */
const who = ({ pid, comm }: Values) => `${comm === undefined ? 'process ' : escapeBytes(comm)}[${pid ?? '?'}]`;
const more = ({ detail }: Values, before = ' ') => (detail ? before + detail : '');
const others = ({ count = 0 }: Values) => (count > 0 ? `, and ${plural(count, 'other', 'others')}` : '');

export const WITNESS_WORDS = {
  // `detail`: of which unit or container, and how it ended.
  'made-by-witness': (e: Values) => `made by ${who(e)}${more(e, e.detail?.startsWith('of ') ? ' ' : ', ')}`,
  'watched-since': (e: Values) => `a witness has seen all that happened to it since it was made${more(e, ', ')}`,
  killed: (e: Values) => `${who(e)}, which made it, was ended by a signal: it could not clean up${more(e, ': ')}`,
  'unit-gone': (e: Values) => `${e.detail ?? 'the unit'}, to which its maker belonged, is gone`,
  'users-ended': (e: Values) => `opened by ${plural(e.count, 'other process', 'other processes')}, all ended`,
  'user-lives': (e: Values) => `${who(e)} made or used it and is alive${others(e)}: it may come back`,
  'relative-lives': (e: Values) => `${who(e)}${more(e, ', ')} is alive and may know of it${others(e)}`,
  'ancestor-lives': (e: Values) =>
    `${who(e)}, from which ${e.detail ?? 'its maker'} descends, is alive and may have it started again`,
  'unit-lives': (e: Values) =>
    `${e.detail ?? 'the unit'}, to which a user of it belonged, runs (${who(e)}): it may come back`,
  'unit-rests': (e: Values) => `${e.detail ?? 'the unit'}, to which a user of it belonged, may be started again`,
  'unit-stopped': (e: Values) =>
    `${e.detail ?? 'the unit'}, to which a user of it belonged, does not run, and nothing but a person will start it`,
  'used-after-maker': (e: Values) =>
    `${who(e)}${others(e)} came to it after its maker had ended: the next may come too`,
  'shell-lives': (e: Values) =>
    `${who(e)}, from whose terminal or login it was made or used, is alive: somebody may start it again`,
  'left-on-purpose': (e: Values) =>
    `left on purpose, it seems: ${who(e)}, which made it, ended in order${more(e, ': ')}`,
  'maker-failed': (e: Values) => `${who(e)}, which made it, ended by itself${more(e, ': ')}`,
  'ending-unknown': (e: Values) => `how ${who(e)} ended was not told${others(e)}`,
  'relatives-unknown': (e: Values) => `who is related to ${who(e)} was not seen: it ended too soon${others(e)}`,
  'ended-lately': (e: Values) =>
    `its last user ended ${plural(e.seconds, 'second', 'seconds')} ago; patience is ${plural(e.limitSeconds, 'second', 'seconds')}`,
  'witness-gap': (e: Values) => `a witness knows it, but not without a gap${more(e, ': ')}`,
} as const;

type Side = 'for' | 'against' | 'fact';

/** Which way each of them points. */
export const WITNESS_SIDES: Readonly<Record<keyof typeof WITNESS_WORDS, Side>> = {
  'made-by-witness': 'fact',
  'watched-since': 'fact',
  killed: 'for',
  'unit-gone': 'for',
  'users-ended': 'for',
  'user-lives': 'against',
  'relative-lives': 'against',
  'ancestor-lives': 'against',
  'unit-lives': 'against',
  'unit-rests': 'against',
  'unit-stopped': 'fact',
  'used-after-maker': 'against',
  'shell-lives': 'against',
  'left-on-purpose': 'against',
  'maker-failed': 'against',
  'ending-unknown': 'against',
  'relatives-unknown': 'against',
  'ended-lately': 'against',
  'witness-gap': 'fact',
};
