// What a process can be recognised by: it may set its command name, and an interpreter hides behind its script's.
import type { ByteString } from '../model/bytes.ts';
import { parsePidStatus } from '../parse/pid-stat.ts';
import { COMMAND_LINE_BYTES, MOST_STATUS_BYTES } from '../territory/caps.ts';
import { type Io, readText } from './io.ts';
import { isStat, readPidStat } from './processes.ts';

export interface PidNames {
  readonly comm: ByteString;
  /** Base name of its first argument. */
  readonly argument?: ByteString;
  readonly uid?: number;
  readonly nsPids?: readonly number[];
  /** True where not even its name may be read. */
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
    isUnreadable: false,
    ...(typeof status === 'number' ? {} : parsePidStatus(status)),
  };
}

/** Base name of the executable, as far as it may be read. Others can rename it: to be asked each time. */
export function readExecutableName(io: Io, procRoot: string, pid: number): ByteString | undefined {
  const executable = io.readLink(`${procRoot}/${pid}/exe`);
  return typeof executable === 'number' ? undefined : baseName(executable.replace(/ \(deleted\)$/, ''));
}

function baseName(path: ByteString): ByteString | undefined {
  return path.slice(path.lastIndexOf('/') + 1) || undefined;
}
