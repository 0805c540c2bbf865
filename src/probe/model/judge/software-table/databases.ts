// PostgreSQL: its dynamic segments in /dev/shm and the System V segment that keeps two servers off one data directory.
import type { SoftwareRow } from '../software.ts';

/** The server and its known forks; `postgres: …` titles do not change comm. */
const POSTGRES = /^[\s\S]*(?:postgres|postmaster|gaussdb)[\s\S]*$/i;

/** Before version 12 the key was derived from the port: 5432001 and up. */
const PORT_KEY = /^0x0052e2c[1-9]$/i;
/** sizeof(PGShmemHeader) on 64 bits, as measured: all else is in anonymous memory. */
const INTERLOCK_BYTES = 56;

export const DATABASES: readonly SoftwareRow[] = [
  {
    // While a server is up with few workers, no process may hold it and every new connection still needs it.
    match: { on: 'posix', path: /^PostgreSQL\.\d{1,10}$/ },
    name: 'PostgreSQL',
    role: 'dynamic shared memory',
    outlives: false,
    leftover: { when: 'no-process', comm: POSTGRES, of: 'user' },
    removalBreaks: 'every new connection and parallel query, if its server is up',
    cleanup: 'start the cluster again: it removes what the last one left',
    source: 'PostgreSQL 15.18 run and killed; dsm_impl.c',
    mark: 'V',
  },
  {
    match: {
      on: 'sysv',
      test: ({ key, sizeBytes, perms, comm }) =>
        perms === '600' &&
        key !== '0x00000000' &&
        (sizeBytes === INTERLOCK_BYTES || PORT_KEY.test(key) || (comm !== undefined && POSTGRES.test(comm))),
    },
    name: 'PostgreSQL',
    role: 'interlock of a data directory',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the guard against two servers on one data directory',
    cleanup: 'end all server processes of that data directory, then start it again',
    source: 'PostgreSQL 15.18 run and killed; HINT of the server; wiki.postgresql.org/wiki/Systemd (RemoveIPC=no)',
    mark: 'V+D',
  },
];
