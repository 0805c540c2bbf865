// `shmtop schema`: the JSON Schema that all JSON output is checked against.
import type { CliContext } from './context.ts';
import { isOutputName, jsonSchema, OUTPUTS } from './schema/outputs.ts';
import { EXIT, UsageError } from './usage.ts';

/** Of the command that is named, or of all. */
export function schema(context: CliContext, words: readonly string[]): number {
  const [name, ...more] = words;
  if (more.length > 0) throw new UsageError('schema takes one command, or none for all');
  if (name !== undefined && !isOutputName(name)) {
    throw new UsageError(`${name} writes no JSON; commands that do are ${Object.keys(OUTPUTS).join(' ')}`);
  }
  context.stdout.write(`${JSON.stringify(jsonSchema(name), null, 2)}\n`);
  return EXIT.done;
}
