// /proc/PID/mountinfo: one line a mount (proc_pid_mountinfo(5)).
import type { ByteString } from '../model/bytes.ts';

export interface Mount {
  /** `major:minor`, decimal. */
  readonly device: string;
  /** What of the file system is mounted: `/` for all of it; for a namespace `ipc:[4026531839]`. */
  readonly root: ByteString;
  /** Where, from the root of the process that was asked. */
  readonly mountPoint: ByteString;
  /** `tmpfs`, `nsfs`, … */
  readonly fileSystem: string;
}

const LINE = /^\d+ \d+ (\d+:\d+) (\S+) (\S+) \S+ (?:\S+ )*?- (\S+) /;

/** Lines of another form are skipped. */
export function parseMountinfo(text: ByteString): Mount[] {
  return text.split('\n').flatMap((line) => {
    const found = LINE.exec(line);
    if (!found) return [];
    const [, device, root, mountPoint, fileSystem] = found;
    return [{ device, root: unescapeOctal(root), mountPoint: unescapeOctal(mountPoint), fileSystem }];
  });
}

/** Blank, tab, newline and backslash are written as `\040` and so on (mangle_path, fs/seq_file.c). */
const unescapeOctal = (text: string): ByteString =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
