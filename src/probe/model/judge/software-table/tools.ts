// Tools that make load or traces, runtimes, and our own load generator.
import type { SoftwareRow } from '../software.ts';

/** "SM" and "SL" (leaked on purpose): keys of our own load generator, so that nobody takes them for somebody's data. */
const LOAD_KEY = /^0x534[cd][0-9a-f]{4}$/i;
const LOAD_WORKER = /^shmtop-(?:prod|cons)-\d{1,3}$/;

function loadSegment(match: SoftwareRow['match'], source: string): SoftwareRow {
  return {
    match,
    name: 'shmtop load',
    role: 'segment of our own load generator',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the measurement',
    source,
    mark: 'V',
  };
}

/** Before all guesses: what runs is marked for destruction and has no key any more, which looks like many others. */
export const OWN_LOAD: readonly SoftwareRow[] = [
  loadSegment({ on: 'sysv', test: ({ key }) => LOAD_KEY.test(key) }, 'shmtop load: made with keys 0x534Dxxxx'),
  loadSegment({ on: 'memfd', name: /^shmtop-ring$/ }, 'shmtop load --backing memfd'),
  loadSegment({ on: 'unlinked', comm: LOAD_WORKER }, 'shmtop load --backing posix: held by its workers'),
];

export const TOOLS: readonly SoftwareRow[] = [
  {
    match: { on: 'posix', path: /^shmtop-leak-(?<pid>\d{1,7})-\d{1,9}$/ },
    name: 'shmtop load',
    role: 'leaked on purpose, to practise on',
    outlives: true,
    leftover: { when: 'name-pid-dead' },
    removalBreaks: 'nothing',
    cleanup: 'shmtop load --leak --clean',
    source: 'shmtop load --leak',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^stress-ng-(?<pid>\d{1,7})-[0-9a-z]{1,20}-[0-9a-f]{1,8}$/ },
    name: 'stress-ng',
    role: 'object of a stressor',
    outlives: false,
    leftover: { when: 'name-pid-dead', isOfOneProcess: true },
    removalBreaks: 'the test',
    source: 'stress-ng 0.15.06 run and killed; stress-shm.c',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^(?:shm-ust-consumer|shm-event-notifier-error-accounting)-\d{1,7}$/ },
    name: 'LTTng-UST',
    role: 'trace buffer, unlinked at birth',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing: it should not be visible',
    source: 'lttng 2.13 run',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^mono\.(?<pid>\d{1,7})$/ },
    name: 'Mono',
    role: 'performance counters of a process',
    outlives: false,
    leftover: { when: 'name-pid-dead', isOfOneProcess: true },
    removalBreaks: 'nothing',
    cleanup: 'the next Mono removes those of dead processes; MONO_DISABLE_SHM',
    source: 'Mono 6.8 run (strace: unlinked at once); mono-mmap.c; dask#995',
    mark: 'V',
  },
  {
    // Mapped only for a moment at registration: unheld while its process lives is normal.
    match: { on: 'posix', path: /^__KMP_REGISTERED_LIB_(?<pid>\d{1,7})(?:_\d{1,10})?$/ },
    name: 'LLVM OpenMP',
    role: 'guard against two runtimes in one process',
    outlives: false,
    leftover: { when: 'name-pid-dead', isOfOneProcess: true },
    removalBreaks: 'nothing but that guard',
    source: 'libomp, which removes it at an orderly end only; llvm-project#85469',
    mark: 'D',
  },
];
