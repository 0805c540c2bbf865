// The words that all schemas have in common: sizes, times, ids, text that is safe to print, lists of what the models know.
import { KINDS } from '../../probe/model/object.ts';
import { SCHEMA_VERSION } from '../json.ts';
import { named, oneOf, only, type Schema, simple } from './schema.ts';

export const version: Schema<typeof SCHEMA_VERSION> = only(SCHEMA_VERSION);

const whole = (minimum: number, more = {}): Schema<number> => simple({ type: 'integer', minimum, ...more });
const spelled = (pattern: string, more = {}): Schema<string> => simple({ ...more, type: 'string', pattern });

export const flag: Schema<boolean> = simple({ type: 'boolean' });
/** Words of our own. */
export const words: Schema<string> = simple({ type: 'string' });
export const count = named('count', whole(0));
export const positive = whole(1);
export const bytes = named('bytes', whole(0));
export const pid = named('pid', whole(1));
export const userId = named('id', whole(0, { maximum: 4_294_967_295 }));
export const number: Schema<number> = simple({ type: 'number', minimum: 0 });
/** 0 to 1. */
export const share: Schema<number> = simple({ type: 'number', minimum: 0, maximum: 1 });

export const time = named('time', spelled('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$'));
/** Attaches may be shorter than a millisecond. */
export const moment = named('moment', spelled('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z$'));
export const decimal = named('decimal', spelled('^\\d+$', { description: 'may exceed 2^53' }));
export const namespace = named('namespace', spelled('^\\d+$', { description: 'inode of a namespace' }));
export const device = named('device', spelled('^\\d+:\\d+$', { description: 'major:minor' }));
export const text = named(
  'text',
  spelled('^[^\\u0000-\\u001f\\u007f-\\u009f]*$', {
    description: 'safe to print: bytes that are not printable UTF-8 are \\xHH, a backslash is doubled',
  }),
);
export const kind = named('kind', oneOf(KINDS));
export const perms = spelled('^[0-7]{3,5}$');
export const key = spelled('^0x[0-9a-f]{8}$');
export const address = spelled('^0x[0-9a-f]+$');
export const mappingPerms = spelled('^[r-][w-][x-][sp]$');
export const base64 = spelled('^[A-Za-z0-9+/]+={0,2}$', { contentEncoding: 'base64' });
export const objectId = spelled(
  '^(sysv:\\d+:\\d+|sysv:unknown:\\d+:0x[0-9a-f]{8}|(posix|unlinked|memfd|anonymous|file):\\d+:\\d+:\\d+)$',
);
