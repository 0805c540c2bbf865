// The JSON Schema of `diff --json`.
import { CHANGE_KINDS } from '../../probe/model/snapshot-diff.ts';
import type { jsonOfChange, jsonOfDiff, jsonOfSide, jsonOfState } from '../diff.ts';
import { verdictState } from './object.ts';
import { about, list, named, oneOf, optional, record, simple } from './schema.ts';
import { bytes, count, flag, kind, text, time, version, words } from './words.ts';

type Diff = ReturnType<typeof jsonOfDiff>;

const growth = simple<number>({ type: 'integer' });

const side = named(
  'diffSide',
  record<ReturnType<typeof jsonOfSide>>({ takenAt: time, hostname: text, complete: flag, objects: count }),
);

const state = named(
  'diffState',
  record<ReturnType<typeof jsonOfState>>({
    sizeBytes: optional(bytes),
    costBytes: optional(bytes),
    verdict: verdictState,
  }),
);

const change = record<ReturnType<typeof jsonOfChange>>({
  change: about('judged: as large as before, with another verdict', oneOf(CHANGE_KINDS)),
  id: words,
  shortId: words,
  kind,
  name: text,
  user: optional(text),
  growthBytes: about(
    'of memory and swap, of the length where these are not known or did not change; gone: below zero',
    growth,
  ),
  before: optional(state),
  after: optional(state),
});

export const diff = named(
  'diff',
  about(
    'shmtop diff --json',
    record<Diff>({
      schemaVersion: version,
      before: side,
      after: side,
      growthBytes: about('sum over all changes', growth),
      unchanged: count,
      changes: about('the most grown first', list(change)),
      doubts: about(
        'why what is called new or gone may only be out of sight',
        list(
          record<Diff['doubts'][number]>({
            code: oneOf(['other-host', 'other-namespace', 'reversed', 'incomplete', 'filtered']),
            which: optional(oneOf(['before', 'after'])),
            text: words,
          }),
        ),
      ),
    }),
  ),
);
