// System V segments that programs leave for those who come after them: known by a key that says whose it is. Nattch 0, creator
// and last user gone are their ordinary state, so no rule may call them leftovers.
import type { SoftwareRow, SysvTraits } from '../software.ts';

const KEEPS = { outlives: true, leftover: { when: 'never', because: 'keeps' } } as const;

/** shmget(2) by key: what has none, or is marked for destruction, nobody can come back to. */
const hasKey = ({ key, isDest }: SysvTraits) => key !== '0x00000000' && !isDest;

/** NTPD_BASE plus the number of the unit, 0 to 255. */
const NTP_KEYS = { first: 0x4e545030, last: 0x4e545030 + 255 };
const isNtp = ({ key }: SysvTraits) => Number(key) >= NTP_KEYS.first && Number(key) <= NTP_KEYS.last;

/** ftok(3) with 23 (SHM_projectID) of the folder of the genome, and that plus 1 for the counter. */
const STAR_KEY = /^0x17[0-9a-f]{6}$/;
/** The genome of a yeast has more; what is smaller is something else with such a key. */
const LEAST_GENOME_BYTES = 64 << 20;
const COUNTER_BYTES = 1;
const isStar = (segment: SysvTraits) =>
  hasKey(segment) &&
  STAR_KEY.test(segment.key) &&
  segment.perms === '666' &&
  (segment.sizeBytes === COUNTER_BYTES || segment.sizeBytes >= LEAST_GENOME_BYTES);

/** sysvshm.init_mem, and the mode that shm_attach() gives where the script says nothing. */
const PHP_BYTES = 10_000;
const PHP = /^(?:php[\s\S]*|lsphp[\s\S]*)$/;
/** The accounts that web servers run scripts as, where distributions name them. */
const WEB_USER = /^(?:www-data|apache|nginx|http|httpd|wwwrun|www|lighttpd|php-fpm)$/;

function isPhp(segment: SysvTraits): boolean {
  const { comm, sizeBytes, perms, user } = segment;
  if (!hasKey(segment)) return false;
  if (comm !== undefined) return PHP.test(comm);
  return (sizeBytes === PHP_BYTES && perms === '666') || (user !== undefined && WEB_USER.test(user));
}

export const KEPT_SEGMENTS: readonly SoftwareRow[] = [
  {
    match: { on: 'sysv', test: isNtp },
    name: 'NTP',
    role: 'time of a reference clock (gpsd and others write, ntpd or chronyd reads), whoever starts first makes it',
    ...KEEPS,
    removalBreaks: 'the reference clock, until both programs start again',
    source: 'ntpd driver 28 (SHM); gpsd ntpshm.c: NTPD_BASE 0x4e545030 "NTP0"; chrony refclock SHM',
    mark: 'D',
  },
  {
    match: { on: 'sysv', test: (segment) => hasKey(segment) && isStar(segment) },
    name: 'STAR',
    role: 'genome in memory (--genomeLoad LoadAndKeep) or its counter of users',
    ...KEEPS,
    removalBreaks: 'the next run loads the genome again, which takes minutes',
    cleanup: 'STAR --genomeDir DIR --genomeLoad Remove',
    source:
      'STAR Genome.cpp (SHM_projectID 23), SharedMemory.cpp (mode 666); PavlidisLab rnaseq-pipeline doc/memory.md',
    mark: 'D',
  },
  {
    // shmop writes no header and takes any size and mode: once its maker is gone, only the account of a web server hints at it.
    // A script of another account that uses shmop cannot be told from any other program.
    match: { on: 'sysv', test: isPhp },
    name: 'PHP (a guess)',
    role: 'variables of sysvshm or a block of shmop, kept from request to request',
    ...KEEPS,
    removalBreaks: 'what the site keeps in it: counters, caches, sessions',
    cleanup: 'shm_remove() or shmop_delete() in the script',
    source:
      'PHP 8.2 run: shm_attach() makes 10000 bytes (sysvshm.init_mem) of mode 666, and finds them in the next process',
    mark: 'V',
  },
];

/** Known by their keys too, but what is left of them is not known to be wanted. */
export const KEYED_SEGMENTS: readonly SoftwareRow[] = [
  {
    // gpsd marks it for destruction at an orderly end; the next gpsd takes over what a killed one left.
    match: { on: 'sysv', test: ({ key }) => key === '0x47505344' },
    name: 'gpsd',
    role: 'exported position for clients that attach by key',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'clients that attach again, until gpsd is started anew',
    cleanup: 'gpsctl -R, or start gpsd again',
    source: 'gpsd shmexport.c: GPSD_SHM_KEY 0x47505344 "GPSD"; gpsctl -R',
    mark: 'D',
  },
  {
    // One in 256 of all other ftok(3) keys looks the same. From Qt 6.6 on the default is shm_open(3) under the very name that the
    // program gave (QNativeIpcKey): nothing tells such an object from others.
    match: { on: 'sysv', test: (segment) => hasKey(segment) && /^0x51[0-9a-f]{6}$/.test(segment.key) },
    name: 'QSharedMemory (a guess)',
    role: "segment of a Qt program: ftok(3) with 'Q' of a file in /tmp or $XDG_RUNTIME_DIR",
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'the programs that share it; many take it as the sign that they run already',
    cleanup: 'start the program again: the last to detach removes it',
    source: "Qt qsharedmemory_systemv.cpp, qtipccommon.cpp ('Q' is 0x51)",
    mark: 'D',
  },
];
