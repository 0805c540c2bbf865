// Whether a value is what `shmtop schema` says that a command writes.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { jsonSchema, type OutputName } from '../../src/cli/schema/outputs.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true });

/** Fails with what is wrong with it, by the schema of the command and by that of all. */
export function expectFit(command: OutputName, value: unknown): void {
  for (const name of [command, undefined]) {
    const schema = jsonSchema(name);
    const isValid = ajv.getSchema(String(schema.$id)) ?? ajv.compile(schema);
    isValid(value);
    expect({ name, errors: isValid.errors }).toEqual({ name, errors: null });
  }
}
