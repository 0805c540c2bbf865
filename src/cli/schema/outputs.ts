// THE table of what commands write with --json, and the JSON Schema that is made of it.

import { SCHEMA_VERSION } from '../json.ts';
import { cleaned, leaked, loadApis, loadModes, loadRun, loadSweep } from '../load/schema.ts';
import { diff } from './diff.ts';
import { event } from './event.ts';
import { lives } from './life.ts';
import { object } from './object.ts';
import { doctor, processList } from './processes.ts';
import { history, plans, report, restored } from './removal.ts';
import { type JsonSchema, type Schema, together } from './schema.ts';
import { snapshot } from './snapshot.ts';
import { summary } from './summary.ts';

/** Each form of the JSON of each command, by the name of the command; what is written a line each is one line here. */
export const OUTPUTS = {
  ls: [snapshot, object],
  show: [object],
  ps: [processList],
  summary: [summary],
  watch: [event],
  replay: [event],
  history: [lives],
  diff: [diff],
  rm: [report, plans, history],
  restore: [restored],
  load: [loadRun, loadSweep, loadModes, loadApis, leaked, cleaned],
  doctor: [doctor],
} satisfies Readonly<Record<string, readonly Schema<never>[]>>;

export type OutputName = keyof typeof OUTPUTS;

export function isOutputName(name: string): name is OutputName {
  return Object.hasOwn(OUTPUTS, name);
}

/** The JSON Schema (2020-12) of the output of one command, or of all. */
export function jsonSchema(command?: OutputName): JsonSchema {
  const forms: readonly Schema<never>[] = command === undefined ? Object.values(OUTPUTS).flat() : OUTPUTS[command];
  const distinct = [...new Set(forms)];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://shmtop.dev/schema/${SCHEMA_VERSION}/${command ?? 'shmtop'}.schema.json`,
    title: `JSON output of shmtop${command === undefined ? '' : ` ${command}`}, schemaVersion ${SCHEMA_VERSION}`,
    description: 'Sizes are bytes, times ISO 8601 in UTC. Absent means unknown or never.',
    oneOf: distinct.map(({ json }) => json),
    $defs: Object.fromEntries(together(distinct)),
  };
}
