// The JSON beside saved content: what the object was, so that it can be made again. PURE.
import { type ByteString, base64OfBytes, escapeBytes } from '../../probe/model/bytes.ts';
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

/** Or what is wrong with it, in words. Nothing in it is trusted: a content file is a plain name, a path has no `..`. */
export function parseSidecar(text: string): Sidecar | { readonly problem: string } {
  let fields: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { problem: 'it is no JSON object' };
    fields = { ...value };
  } catch {
    return { problem: 'it is not JSON' }; // SyntaxError
  }
  const { format, version, kind, content, sizeBytes, perms, uid, gid, key, nameBytes } = fields;
  if (format !== FORMAT) return { problem: 'it was not written by shmtop rm --save' };
  if (version !== VERSION) return { problem: `it is of version ${String(version)}, which this shmtop does not know` };
  if (typeof content !== 'string' || !/^[^/\0]+$/.test(content) || content === '..')
    return { problem: 'it names no content file' };
  if (!isCount(sizeBytes) || !isCount(uid) || !isCount(gid)) return { problem: 'size or owner are missing' };
  if (typeof perms !== 'string' || !/^[0-7]{3}$/.test(perms)) return { problem: 'permissions are missing' };
  const common = { content, sizeBytes, mode: Number.parseInt(perms, 8), uid, gid };
  if (kind === 'sysv' && typeof key === 'string' && /^0x[0-9a-f]{8}$/.test(key)) {
    return { ...common, kind, key: Number.parseInt(key, 16) };
  }
  if (kind === 'posix' && typeof nameBytes === 'string') {
    const rawName = rawNameOf(nameBytes);
    return rawName === undefined ? { problem: 'its name leads out of /dev/shm' } : { ...common, kind, rawName };
  }
  return { problem: 'it says neither key nor name' };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function rawNameOf(base64: string): ByteString | undefined {
  let raw: string;
  try {
    raw = atob(base64);
  } catch {
    return undefined; // InvalidCharacterError
  }
  const parts = raw.split('/');
  const isPlain = parts.shift() === '' && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  return isPlain && !raw.includes('\0') ? raw : undefined;
}
