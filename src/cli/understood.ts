// Filter words that were typed: what they select, or a refusal that names the one that is none.
import type { Filter, FilterProblem } from '../filter/filter.ts';
import { UsageError } from './usage.ts';

export function understood<Row>(
  parsed: { readonly filter: Filter<Row> } | { readonly problem: FilterProblem },
): Filter<Row> {
  if ('filter' in parsed) return parsed.filter;
  const { word, message } = parsed.problem;
  throw new UsageError(`the filter word '${word}' is not understood: ${message}`);
}
