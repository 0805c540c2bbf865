// Decoders of what many formats have in common: bytes, ids, times, sizes, users; each as wide as the kernel's own and no wider.
import { type ByteString, escapeBytes, unescapeBytes, utf8Bytes } from '../bytes.ts';
import { type Decoder, integer, Misfit, mapped, number, text } from './decode.ts';

const MOST_NAME = 65_536;
const MOST_COMM = 255;
const MOST_WORDS = 4096;
/** As a number can say it; sizes and inodes are unsigned 64 bit in the kernel. */
const TWO_64 = 2 ** 64;

/** One char a byte, no more of them than a path at any depth that the probe walks. */
export const rawBytes: Decoder<ByteString> = bytesOf(MOST_NAME);
export const rawComm: Decoder<ByteString> = bytesOf(MOST_COMM);

function bytesOf(most: number): Decoder<ByteString> {
  return text(most, /^[\x00-\xff]*$/);
}

/** A sentence or a name that was written escaped; whatever it is now, what comes out is safe to print. */
export const shownText: Decoder<string> = mapped(text(MOST_WORDS), (words) =>
  words.replace(/[^\x20-\x7e]+/g, (run) => escapeBytes(utf8Bytes(run))),
);

/** A name that others chose and that is escaped where it is shown (user, host, container, mount point). */
export const foreignName: Decoder<string> = text(MOST_WORDS);

const ID =
  /^(?:sysv:[0-9a-z]{0,20}:\d{1,20}(?::0x[0-9a-f]{8})?|(?:posix|unlinked|memfd|anonymous|file)(?::\d{1,20}){3})$/;
/** The id of an object: identity.ts has its forms. */
export const objectId: Decoder<string> = text(100, ID);

/** What `ls` prints: `posix:/name` in its escaped form, `sysv:5`, `sysv:5@NS`, else a full id. */
export const shortId: Decoder<string> = mapped(text(4 * MOST_NAME), (word) => {
  if (word.startsWith('posix:/')) return `posix:${escapeBytes(unescapeBytes(word.slice('posix:'.length)))}`;
  return /^sysv:\d{1,20}(?:@[0-9a-z]{0,20})?$/.test(word) || ID.test(word) ? word : new Misfit('an ID');
});

/** Inodes of namespaces, as decimal text; `unknown` where they could not be told. */
export const namespaceId: Decoder<string> = text(20, /^[0-9a-z]*$/);
/** Limits that may exceed 2^53. */
export const decimal: Decoder<string> = text(20, /^\d+$/);
/** `major:minor`. */
export const device: Decoder<string> = text(32, /^\d{1,10}:\d{1,10}$/);
export const perms: Decoder<string> = text(3, /^[0-7]{3}$/);
export const key: Decoder<string> = text(10, /^0x[0-9a-f]{8}$/);

export const pid: Decoder<number> = integer(0, 2 ** 31 - 1);
/** (uid_t) -1 is nobody: chown(2) takes it as "leave it". */
export const userId: Decoder<number> = integer(0, 2 ** 32 - 2);
/** As a kernel field may show it, -1 too. */
export const anyUserId: Decoder<number> = integer(0, 2 ** 32 - 1);
export const count: Decoder<number> = integer(0, TWO_64);
/** Anybody may give a file any time (utimensat(2)). */
export const seconds: Decoder<number> = number(-TWO_64, TWO_64);
/** Milliseconds since the epoch, of years that ISO 8601 can write. */
export const momentMs: Decoder<number> = number(0, 253_402_300_799_999);
