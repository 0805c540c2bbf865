// What a process can be recognised by: it may set its command name, and an interpreter hides behind its script's.
import { EACCES, ENOENT, EPERM, ESRCH } from '../../native/errno.ts';
import type { ByteString } from '../model/bytes.ts';
import { parsePidStatus } from '../parse/pid-stat.ts';
import { COMMAND_LINE_BYTES, MOST_STATUS_BYTES } from '../territory/patience/caps.ts';
import { type Io, readText } from './io.ts';
import { isStat, readPidStat } from './pid-stat.ts';

export interface PidNames {
  readonly comm: ByteString;
  /** Base name of its first argument. */
  readonly argument?: ByteString;
  readonly uid?: number;
  /** All user ids of its main thread. */
  readonly uids?: readonly number[];
  readonly nsPids?: readonly number[];
  /** True where not even its name may be read, or some of it could not be read this time (ENOMEM, EIO). */
  readonly isUnreadable: boolean;
}

/** Undefined for what has no command of its own: kernel threads, zombies, and what is gone. */
export function readPidNames(io: Io, procRoot: string, pid: number): PidNames | undefined {
  const stat = readPidStat(io, procRoot, pid);
  if (stat === 'gone') return undefined;
  if (!isStat(stat)) return { comm: '', isUnreadable: true };
  if (stat.isKernelThread || (stat.state === 'Z' && stat.threads <= 1)) return undefined;
  const status = readText(io, `${procRoot}/${pid}/status`, MOST_STATUS_BYTES);
  const start = io.readFile(`${procRoot}/${pid}/cmdline`, COMMAND_LINE_BYTES, 'cut');
  const commandLine = typeof start === 'number' ? start : start.toString('latin1');
  return {
    comm: stat.comm,
    argument: typeof commandLine === 'number' ? undefined : baseName(commandLine.split('\0', 1)[0]),
    // Without its status nobody knows whose it is, and which pids it has in its container.
    isUnreadable: isFailure(status) || isFailure(commandLine),
    ...(typeof status === 'number' ? {} : parsePidStatus(status)),
  };
}

/**
 * Base name of the executable, as far as it may be read; -errno where it could not be read this time. Others can rename it: to
 * be asked each time.
 */
export function readExecutableName(io: Io, procRoot: string, pid: number): ByteString | number | undefined {
  const executable = io.readLink(`${procRoot}/${pid}/exe`);
  if (typeof executable === 'number') return isFailure(executable) ? executable : undefined;
  return baseName(executable.replace(/ \(deleted\)$/, ''));
}

/** File names have 255 bytes at most; a process may write what it likes in place of its arguments, as long as it likes. */
const MOST_NAME = 255;
const ANSWERS = [EACCES, EPERM, ENOENT, ESRCH].map((errno) => -errno);

/** An error that says nothing about the process: asked again, the kernel may answer (ENOMEM, EMFILE, EIO). */
export const isFailure = (result: ByteString | number): boolean =>
  typeof result === 'number' && result < 0 && !ANSWERS.includes(result);

function baseName(path: ByteString): ByteString | undefined {
  const start = path.lastIndexOf('/') + 1;
  return path.slice(start, start + MOST_NAME) || undefined;
}
