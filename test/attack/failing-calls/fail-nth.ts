// Makes the n-th system call that libc is asked for fail: those that read, with their path where they have one.
import type { Libc } from '../../../src/native/libc.ts';

/** Calls of the first kind need a descriptor, and so may all fail with EMFILE; of `syscall` openat2 is one. */
const OPENING = ['open', 'openat', 'openat2'];
const EMFILE = 24;
const CALLS = [
  'open',
  'openat',
  'read',
  'readlinkat',
  'fstatfs',
  'fcntl',
  'ioctl',
  'shmctl',
  'setns',
  'syscall',
] as const;

/** With those that change something; not flock(2) and write(2), whose failures are told otherwise. */
export const REMOVING_CALLS = [...CALLS, 'unlinkat', 'mkdirat', 'shmat'] as const;

export interface Failing {
  /** What failed; absent when there were not so many calls. */
  readonly failed: string | undefined;
  /** Puts the functions back. */
  readonly restore: () => void;
}

export function failNth(libc: Libc, n: number, errno: number, calls: readonly string[] = CALLS): Failing {
  const raw: Record<string, (...args: never[]) => number> = libc.raw;
  const real = calls.map((name) => [name, raw[name]] as const);
  const pathOf = libc.path;
  let lastPath = '';
  Object.assign(libc, {
    path: (path: string) => {
      lastPath = path;
      return pathOf(path);
    },
  });
  let count = 0;
  let failed: string | undefined;
  for (const [name, call] of real) {
    raw[name] = (...args) => {
      const exact = name === 'syscall' ? numberName(libc, args[0]) : name;
      const mayFail = errno !== EMFILE || OPENING.includes(String(exact));
      if (!mayFail || count++ !== n) return call(...args);
      failed = `${exact}(…${lastPath.slice(-40)})`;
      libc.koffi.errno(errno);
      return -1;
    };
  }
  return {
    get failed() {
      return failed;
    },
    restore: () => {
      for (const [name, call] of real) raw[name] = call;
      Object.assign(libc, { path: pathOf });
    },
  };
}

const numberName = (libc: Libc, number: unknown) =>
  Object.entries(libc.numbers).find(([, known]) => known === number)?.[0] ?? number;
