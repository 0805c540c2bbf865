// `shmtop schema`: the JSON Schema that all JSON output is checked against.
import type { CliContext } from './context.ts';
import lsSchema from './schema/ls.schema.json' with { type: 'json' };
import { EXIT } from './usage.ts';

export function schema(context: CliContext): number {
  context.stdout.write(`${JSON.stringify(lsSchema, null, 2)}\n`);
  return EXIT.done;
}
