// The JSON Schema of `ps --json` and `doctor --json`.
import { KINDS } from '../../probe/model/object.ts';
import type { jsonOfCapabilities } from '../doctor.ts';
import type { jsonOfHold, jsonOfProcess, jsonOfProcesses } from '../process-json.ts';
import { fds, mappings, processFields } from './object.ts';
import { about, list, named, oneOf, optional, record, type Shape } from './schema.ts';
import { gaps, situation } from './snapshot.ts';
import { bytes, count, kind, objectId, version, words } from './words.ts';

type ProcessJson = ReturnType<typeof jsonOfProcess>;

const hold = record<ReturnType<typeof jsonOfHold>>({ id: objectId, kind, mappings, fds });

const counts: Shape<ProcessJson['counts']> = {
  sysv: count,
  posix: count,
  unlinked: count,
  memfd: count,
  anonymous: count,
  file: count,
};

const process = named(
  'process',
  record<ProcessJson>({
    ...processFields,
    counts: about(`of its objects: ${KINDS.join(' ')}`, record(counts)),
    sizeBytes: bytes,
    costBytes: about('memory and swap, each object counted in full', bytes),
    objects: list(hold, { minItems: 1 }),
  }),
);

export const processList = named(
  'processList',
  about(
    'shmtop ps --json',
    record<ReturnType<typeof jsonOfProcesses>>({ ...situation, processes: list(process), gaps }),
  ),
);

type Doctor = ReturnType<typeof jsonOfCapabilities>;

export const doctor = named(
  'doctor',
  about(
    'shmtop doctor --json',
    record<Doctor>({
      schemaVersion: version,
      capabilities: list(
        record<Doctor['capabilities'][number]>({
          name: words,
          state: oneOf(['yes', 'partly', 'no']),
          found: words,
          lost: optional(words),
          advice: optional(words),
        }),
      ),
    }),
  ),
);
