// What an object is, in a few words, and how its kind is called.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { EntryType, Kind, ShmObject } from '../../probe/model/object.ts';
import { ABSENT } from './absent.ts';

/** The key that IPC_PRIVATE and segments marked for destruction show. */
const PRIVATE_KEY = '0x00000000';

/** The software it belongs to, else what tells it apart from its neighbours and is not in its ID already. */
export function formatWhat(object: ShmObject): string {
  if (object.software) return object.software.name;
  switch (object.kind) {
    case 'sysv':
      return object.key === undefined || object.key === PRIVATE_KEY ? 'private' : object.key;
    case 'posix':
      if (object.type !== undefined && object.type !== 'file') return object.type;
      // Elsewhere the ID is of numbers only.
      return object.rawPath === undefined ? escapeBytes(object.rawName) : ABSENT;
    case 'anonymous':
      return 'anonymous';
    default:
      return escapeBytes(object.rawName);
  }
}

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  sysv: 'a System V segment',
  posix: 'a POSIX shared memory object',
  unlinked: 'a POSIX shared memory object whose name is already removed',
  memfd: 'a memfd',
  anonymous: 'an anonymous shared mapping',
  file: 'a shared mapping of an ordinary file',
};

const TYPE_WORDS: Readonly<Record<EntryType, string>> = {
  file: KIND_WORDS.posix,
  semaphore: 'a POSIX named semaphore',
  directory: 'a directory in a shared memory file system',
  symlink: 'a symbolic link in a shared memory file system',
  fifo: 'a named pipe in a shared memory file system',
  socket: 'a socket in a shared memory file system',
  other: 'a special file in a shared memory file system',
};

/** The kind for a sentence, with its article. */
export function spellKind(object: ShmObject): string {
  return object.kind === 'posix' && object.type !== undefined ? TYPE_WORDS[object.type] : KIND_WORDS[object.kind];
}
