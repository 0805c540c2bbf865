// The folder in which a witness keeps what it saw: whose it is, which files lie there, and who writes them now.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import { type Folder, O_PATH, openFolder } from '../../files/folder.ts';
import { oursAlone } from '../../files/objection.ts';
import { isRefused, type Refused } from '../../files/trust.ts';
import type { Libc } from '../../native/libc.ts';
import { isByteLocked } from '../../native/record-lock.ts';
import { WRITER_ROLES, type WriterRole } from '../model/life/life.ts';
import { DATABASE_NAME } from './witness-there.ts';

export const LOCK_NAME = 'witness.lock';
/** Bytes of the lock file: who writes has the first, a witness that waits for a program beside to give way the second. */
export const LOCK_OF = { writer: 0, claimant: 1 } as const;
/** SQLite's own files beside a database with a write-ahead log (sqlite.org/wal.html). */
const COMPANIONS = ['-wal', '-shm'] as const;
export const DATABASE_FILES: readonly string[] = [DATABASE_NAME, ...COMPANIONS.map((end) => DATABASE_NAME + end)];

/** Ours, mode 0700, on a way on which nobody else can rename: SQLite opens by path. `make`: so many folders may be made. */
export function openWitnessFolder(path: string, make: number): Folder | Refused {
  const folder = openFolder(path, { owner: 'ours', isForPath: true, make });
  if (isRefused(folder)) return folder;
  for (const name of [...DATABASE_FILES, LOCK_NAME]) {
    const fault = faultOf(folder, name);
    if (fault === undefined) continue;
    closeSync(folder.fd);
    return { refusal: 'refused', reason: `${folder.path}/${name} ${fault}` };
  }
  return folder;
}

/** Undefined: it is not there, or a regular file of ours alone, without a second name. */
function faultOf(folder: Folder, name: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(folder.at(name), O_PATH | constants.O_NOFOLLOW);
    const stats = fstatSync(fd);
    return stats.isFile() ? oursAlone(stats) : 'is not a regular file';
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? undefined : `cannot be looked at: ${code}`;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Who has, or had, the writer's place: what he wrote into the lock file, and whether he holds the lock. */
export interface Writer {
  readonly pid: number;
  /** /proc/sys/kernel/random/boot_id of the machine, and boot, on which he runs or ran. */
  readonly bootId: string;
  /** From where he looks: see `ownView`. */
  readonly view: string;
  readonly role: WriterRole;
  readonly isRunning: boolean;
}

const MOST_LOCK_BYTES = 128;
const LOCK_TEXT = /^(\d{1,10}) ([0-9a-f-]{36}) (\d{1,20}(?:\.\d{1,20}){0,4}) (witness|watch|dashboard)\n$/;

export const lockText = ({ pid, bootId, view, role }: Omit<Writer, 'isRunning'>) =>
  `${pid} ${bootId} ${view} ${role}\n`;

/** Undefined: nobody ever wrote there, or what he said of himself is damaged. Three system calls; disturbs nobody. */
export function readWriter(folder: Folder, libc: Libc | undefined): Writer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(folder.at(LOCK_NAME), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(MOST_LOCK_BYTES);
    const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
    const [, pid, bootId, view, word] = LOCK_TEXT.exec(text) ?? [];
    const role = WRITER_ROLES.find((each) => each === word);
    if (pid === undefined || bootId === undefined || view === undefined || role === undefined) return undefined;
    const isRunning = libc !== undefined && isByteLocked(libc, fd, LOCK_OF.writer) === 1;
    return { pid: Number(pid), bootId, view, role, isRunning };
  } catch {
    return undefined; // ENOENT; EIO
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
