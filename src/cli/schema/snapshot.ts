// The JSON Schema of `ls --json`, and of the situation in which a snapshot or a list of processes was taken.
import { GAP_REASONS, GAP_SOURCES } from '../../probe/model/gap.ts';
import { NAMESPACE_KEEPERS } from '../../probe/model/namespace-facts.ts';
import type { Json, jsonOfGap, jsonOfLimits, jsonOfNamespace, jsonOfSituation } from '../json.ts';
import { container } from './container.ts';
import { object } from './object.ts';
import { about, fields, list, named, oneOf, optional, record, type Schema, type Shape } from './schema.ts';
import { bytes, count, decimal, device, flag, namespace, pid, positive, text, time, userId, version } from './words.ts';

type Situation = ReturnType<typeof jsonOfSituation>;
type Limits = ReturnType<typeof jsonOfLimits>;

const gap = record<ReturnType<typeof jsonOfGap>>({
  source: oneOf(GAP_SOURCES),
  reason: oneOf(GAP_REASONS),
  count: positive,
  pids: optional(list(pid)),
  detail: optional(text),
});
export const gaps = named('gaps', about('what could not be seen', list(gap)));

const host = named(
  'host',
  record<Situation['host']>({
    hostname: text,
    kernel: text,
    ipcNamespace: optional(namespace),
    pidNamespace: optional(namespace),
    user: about('who runs shmtop', text),
    uid: userId,
  }),
);

const visibility = named(
  'visibility',
  record<Situation['visibility']>({
    processes: about('kernel threads not counted', count),
    inspected: about('those that could be looked into', count),
    complete: about('nothing that could hold an object was hidden', flag),
    gaps,
  }),
);

export const situation: Shape<Situation> = { schemaVersion: version, takenAt: time, host, visibility };

const mount = record<Limits['mounts'][number]>({
  path: text,
  device,
  sizeBytes: optional(bytes),
  usedBytes: optional(bytes),
  inodes: optional(count),
  inodesUsed: optional(count),
  unlisted: optional(about('names beyond those that are listed, which are the largest', count)),
});

const limits = named(
  'limits',
  about(
    'ceilings of our own IPC namespace, and the mounts that hold POSIX objects',
    record<Limits>({
      shmmni: optional(about('most segments', decimal)),
      shmall: optional(about('most pages in all segments', decimal)),
      shmmax: optional(about('most bytes of one segment', decimal)),
      segments: count,
      pages: count,
      pageSizeBytes: bytes,
      shmRmidForced: optional(about('absent: not known', flag)),
      mounts: list(mount),
    }),
  ),
);

const livingIn = named(
  'namespaceFacts',
  about(
    'an IPC namespace of the machine; its limits are its own',
    record<ReturnType<typeof jsonOfNamespace>>({
      id: namespace,
      isOwn: flag,
      keptBy: about('what keeps it there', oneOf(NAMESPACE_KEEPERS)),
      processes: about('those in it that may be asked', count),
      resident: optional(
        about(
          'its process with the lowest pid, or who has it open',
          record<NonNullable<ReturnType<typeof jsonOfNamespace>['resident']>>({
            pid,
            innerPid: optional(about('its pid inside', pid)),
            comm: optional(text),
            uid: optional(userId),
          }),
        ),
      ),
      container: optional(container),
      unit: optional(text),
      shmmni: optional(decimal),
      shmall: optional(decimal),
      shmmax: optional(decimal),
      segments: count,
      pages: count,
      mounts: about(
        'what its processes see as /dev/shm',
        list(record<{ path: string; device: string }>({ path: text, device })),
      ),
    }),
  ),
);

export const snapshot: Schema<Json> = named(
  'snapshot',
  about(
    'shmtop ls --json',
    fields(Object.entries({ ...situation, limits, namespaces: optional(list(livingIn)), objects: list(object), gaps })),
  ),
);
