// The JSON beside saved content: what the object was, so that it can be made again. PURE.
import { base64OfBytes, bytesOfBase64 } from '../../probe/model/base64.ts';
import { type ByteString, escapeBytes } from '../../probe/model/bytes.ts';
import {
  type Decoder,
  decodeJson,
  integer,
  Misfit,
  mapped,
  oneOf,
  optional,
  record,
  text,
} from '../../probe/model/decode/decode.ts';
import { key, perms, userId } from '../../probe/model/decode/decode-words.ts';
import type { ShmObject } from '../../probe/model/object.ts';

export interface Sidecar {
  readonly kind: 'sysv' | 'posix';
  /** Name of the file with the content, in the same directory. */
  readonly content: string;
  readonly sizeBytes: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** sysv: unsigned; 0 is IPC_PRIVATE. */
  readonly key?: number;
  /** posix: raw path below /dev/shm, with a leading slash. */
  readonly rawName?: ByteString;
}

const FORMAT = 'shmtop-saved';
const VERSION = 1;

export function sidecarText(object: ShmObject, content: string, sizeBytes: number, savedAt: Date): string {
  const { id, shortId, kind, rawName, key, shmid, ipcNamespace, device, inode, perms, uid, gid, user, creator } =
    object;
  const fields = {
    format: FORMAT,
    version: VERSION,
    savedAt: savedAt.toISOString(),
    content,
    kind,
    ...{ id, shortId, name: escapeBytes(rawName), nameBytes: kind === 'posix' ? base64OfBytes(rawName) : undefined },
    ...{ key, shmid, ipcNamespace, device, inode, sizeBytes, perms, uid, gid },
    user: user === undefined ? undefined : escapeBytes(user),
    creatorPid: creator?.pid,
    ctimeSec: object.ctimeSec,
    verdict: object.verdict.state,
    evidence: object.verdict.evidence.map(({ code }) => code),
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** More than any sidecar has: the longest name, escaped and in base64. */
export const MOST_SIDECAR_BYTES = 1 << 20;
const MOST_NAME_BYTES = 65_536;

/** The fields as `sidecarText` names them. */
interface Written {
  readonly kind: Sidecar['kind'];
  readonly content: string;
  readonly sizeBytes: number;
  readonly perms: number;
  readonly uid: number;
  readonly gid: number;
  readonly key?: number;
  readonly nameBytes?: ByteString;
}

const brand = record<{ readonly format: string; readonly version: number }>({
  format: oneOf([FORMAT]),
  version: integer(0, 1_000_000),
});

/** A name in the directory of the sidecar itself. */
const contentName: Decoder<string> = mapped(text(255, /^[^/\0]+$/), (name) =>
  name === '.' || name === '..' ? new Misfit('the name of a file beside it') : name,
);

/** The raw name out of its base64: below /dev/shm, by plain steps only. */
const rawName: Decoder<ByteString> = mapped(
  text(2 * MOST_NAME_BYTES, /^[A-Za-z0-9+/]*={0,2}$/),
  (base64) => rawNameOf(base64) ?? new Misfit('a name below /dev/shm'),
);

const written = record<Written>({
  kind: oneOf(['sysv', 'posix']),
  content: contentName,
  sizeBytes: integer(0, Number.MAX_SAFE_INTEGER),
  perms: mapped(perms, (octal) => Number.parseInt(octal, 8)),
  uid: userId,
  gid: userId,
  key: optional(mapped(key, (hex) => Number.parseInt(hex, 16))),
  nameBytes: optional(rawName),
});

/** Or what is wrong with it, in words. Nothing in it is trusted: a content file is a plain name, a path has no `..`. */
export function parseSidecar(json: string): Sidecar | { readonly problem: string } {
  const branded = decodeJson(json, brand);
  if (branded instanceof Misfit) return { problem: 'it was not written by shmtop rm --save' };
  if (branded.version !== VERSION) {
    return { problem: `it is of version ${branded.version}, which this shmtop does not know` };
  }
  const fields = decodeJson(json, written);
  if (fields instanceof Misfit) return { problem: String(fields) };
  const { kind, content, sizeBytes, perms: mode, uid, gid } = fields;
  const saved = { content, sizeBytes, mode, uid, gid };
  if (kind === 'sysv' && fields.key !== undefined) return { ...saved, kind, key: fields.key };
  if (kind === 'posix' && fields.nameBytes !== undefined) return { ...saved, kind, rawName: fields.nameBytes };
  return { problem: 'it says neither key nor name' };
}

function rawNameOf(base64: string): ByteString | undefined {
  const raw = bytesOfBase64(base64);
  if (raw === undefined) return undefined;
  const parts = raw.split('/');
  const isPlain =
    parts.shift() === '' && parts.length > 0 && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  return isPlain && raw.length <= MOST_NAME_BYTES && !raw.includes('\0') ? raw : undefined;
}
