// Which of several lives under one id is that of an object: ids return, what they were born with does not.
import type { ShmObject } from '../object.ts';
import type { Life } from './life.ts';

/** The latest life that may be this very object's; undefined: none was seen. Fields that are not known do not tell apart. */
export function findLife(lives: readonly Life[], object: ShmObject): Life | undefined {
  const id = object.id.replace(/^unlinked:/, 'posix:');
  return lives.filter((life) => life.id.replace(/^unlinked:/, 'posix:') === id && isOf(life, object)).sort(byBirth)[0];
}

/** Of an id whose object is gone: whoever had it last. */
export function latestLife(lives: readonly Life[], id: string): Life | undefined {
  return lives.filter((life) => life.id === id).sort(byBirth)[0];
}

const byBirth = (a: Life, b: Life) => lastSign(b) - lastSign(a);
const lastSign = ({ bornMs, goneMs, deeds }: Life) => goneMs ?? deeds.at(-1)?.atMs ?? bornMs ?? 0;

function isOf({ kind, identity, goneMs }: Life, object: ShmObject): boolean {
  const words = identity.split(' ');
  if (kind === 'posix') {
    const bornSec = Math.floor(Number(words[3]) / 1e9);
    return object.btimeSec === undefined || Number.isNaN(bornSec) || Math.floor(object.btimeSec) === bornSec;
  }
  if (goneMs !== undefined) return false;
  const [, , , ctime = '', cpid = '', key = ''] = words;
  const isDest = object.status.includes('dest'); // IPC_RMID takes the key
  return (
    (object.ctimeSec === undefined || Number(ctime) <= object.ctimeSec) &&
    (object.creator?.pid === undefined || cpid === '' || Number(cpid) === object.creator.pid) &&
    (object.key === undefined || key === '' || isDest || Number(key) === Number(object.key))
  );
}
