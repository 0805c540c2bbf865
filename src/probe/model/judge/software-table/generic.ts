// What can only be guessed: named semaphores of anybody, and the segments that scripts make. Last, so that the rest wins.
import type { SoftwareRow } from '../software.ts';

const PERL_BYTES = 65_536;

export const GENERIC: readonly SoftwareRow[] = [
  {
    // glibc makes sem.XXXXXX first, then links it to its name. A name of six letters (sem.mutex1) looks the same, and
    // stays on purpose: so this is no leftover by itself.
    match: { on: 'posix', path: /^sem\.[A-Za-z0-9]{6}$/ },
    name: 'sem_open(3)',
    role: 'semaphore, half made or with a name of six letters',
    outlives: true,
    isInterface: true,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing if half made; else whoever opens it by name',
    source: 'glibc sem_open: sem.XXXXXX, link(2), unlink(2); seen running',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^sem\.[^/]{1,251}$/ },
    name: 'sem_open(3)',
    role: 'named semaphore',
    outlives: true,
    isInterface: true,
    leftover: { when: 'unknown' },
    removalBreaks: 'whoever opens it by name',
    cleanup: 'sem_unlink(3)',
    source: 'sem_overview(7): persists until it is removed or the system ends',
    mark: 'V',
  },
  {
    // Nattch 0 is normal while such a script lives: IPC::Shareable attaches for each access. And scripts that run for a moment
    // (CGI, cron) hand a variable on from one to the next, with nobody alive in between.
    match: {
      on: 'sysv',
      test: ({ key, sizeBytes, perms, isDest, comm }) =>
        key !== '0x00000000' &&
        !isDest &&
        (comm === undefined ? sizeBytes === PERL_BYTES && perms === '666' : /^perl[\s\S]*$/.test(comm)),
    },
    name: 'Perl (a guess)',
    role: 'variable of IPC::ShareLite, IPC::Shareable or a script alike',
    outlives: true,
    leftover: { when: 'never', because: 'keeps' },
    removalBreaks: 'the script',
    cleanup: '->remove, or destroy => 1',
    source: 'IPC::ShareLite and IPC::Shareable run and killed: by design they stay',
    mark: 'V',
  },
];
