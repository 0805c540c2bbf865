// User and group names from /etc/passwd and /etc/group, read once; users of a network directory keep their number.
import { parseNames } from '../parse/names.ts';
import type { Io } from './io.ts';

export interface Names {
  readonly user: (uid: number) => string | undefined;
  readonly group: (gid: number) => string | undefined;
}

/** Reads both files on first use. NSS is not asked: a look-up over the network could block for each unknown number. */
export function namesFrom(io: Io): Names {
  const lookUp = (path: string) => {
    let names: Map<number, string> | undefined;
    return (id: number) => {
      if (!names) {
        const bytes = io.readFile(path);
        names = typeof bytes === 'number' ? new Map<number, string>() : parseNames(bytes.toString());
      }
      return names.get(id);
    };
  };
  return { user: lookUp('/etc/passwd'), group: lookUp('/etc/group') };
}
