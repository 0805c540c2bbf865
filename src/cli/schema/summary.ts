// The JSON Schema of `summary --json`.
import { SUM_KINDS } from '../../probe/model/account/sum-by.ts';
import { CEILING_KINDS } from '../../probe/model/ceilings.ts';
import type { jsonOfCeiling, jsonOfPart, jsonOfPool, jsonOfSum, jsonOfSummary } from '../summary-json.ts';
import { about, list, named, oneOf, optional, record, simple } from './schema.ts';
import { gaps } from './snapshot.ts';
import { bytes, count, device, flag, namespace, number, pid, text, time, version, words } from './words.ts';

type Part = ReturnType<typeof jsonOfPart>;
type Ceiling = ReturnType<typeof jsonOfCeiling>;

/** A remainder may be below zero. */
const signed = simple<number>({ type: 'integer' });

const part = named(
  'accountPart',
  record<Part>({
    id: text,
    kind: oneOf(['sysv', 'mount', 'memfd', 'anonymous', 'gpu', 'hugetlb']),
    label: text,
    bytes,
    swapBytes: optional(bytes),
    listedBytes: about('of objects that ls lists; the others are plain files', bytes),
    objects: count,
    ipcNamespace: optional(namespace),
    mount: optional(
      record<NonNullable<Part['mount']>>({
        path: optional(about('absent: mounted nowhere any more', text)),
        pid: optional(about('sees it there, where our own mount namespace does not', pid)),
        device,
        fileSystem: oneOf(['tmpfs', 'devtmpfs', 'hugetlbfs']),
        sizeBytes: optional(bytes),
        usedBytes: optional(bytes),
        inodes: optional(count),
        inodesUsed: optional(count),
      }),
    ),
    notes: list(oneOf(['unmounted', 'no-limit', 'not-reached', 'partly', 'swapped', 'at-most'])),
  }),
);

const pool = named(
  'hugePagePool',
  record<ReturnType<typeof jsonOfPool>>({
    pageBytes: bytes,
    pages: count,
    free: count,
    reserved: count,
    surplus: count,
    remainderBytes: signed,
    parts: list(part),
  }),
);

const sum = named(
  'ownerSum',
  record<ReturnType<typeof jsonOfSum>>({
    kind: about('files: on a tmpfs, not listed one by one', oneOf(['objects', 'files', 'remainder'])),
    key: optional(text),
    label: text,
    bytes: signed,
    freeableBytes: bytes,
    perhapsBytes: bytes,
    objects: count,
  }),
);

const ceiling = named(
  'ceiling',
  record<Ceiling>({
    id: words,
    kind: oneOf(CEILING_KINDS),
    title: text,
    unit: oneOf(['bytes', 'count']),
    used: optional(number),
    limit: optional(number),
    share: optional(about('used of limit; may exceed 1', number)),
    error: about('what a program is told that runs into it', text),
    advice: text,
    remedy: optional(about('a command line that makes it wider; absent: none can be told', text)),
    consumers: list(
      record<Ceiling['consumers'][number]>({
        comm: optional(about('absent: held by nobody, or unseen', text)),
        unseen: optional(about('true: who holds these could not be seen', flag)),
        processes: count,
        objects: count,
        bytes,
      }),
    ),
  }),
);

const gain = record<{ objects: number; bytes: number }>({ objects: count, bytes });

export const summary = named(
  'summary',
  about(
    'shmtop summary --json',
    record<ReturnType<typeof jsonOfSummary>>({
      schemaVersion: version,
      takenAt: time,
      complete: flag,
      filtered: about('sums are of what passed the filter', flag),
      shmemBytes: optional(about('Shmem of /proc/meminfo', bytes)),
      shmemHugeBytes: optional(bytes),
      totalBytes: optional(about('memory of the machine', bytes)),
      swapUsedBytes: optional(bytes),
      remainderBytes: optional(about('Shmem less all parts', signed)),
      parts: about('of Shmem, no byte twice', list(part)),
      hugePages: about('no part of Shmem', list(pool)),
      by: oneOf(SUM_KINDS),
      sums: list(sum),
      ceilings: list(ceiling),
      freeable: about('proven abandoned', gain),
      perhaps: about('orphaned', gain),
      gaps,
    }),
  ),
);
