// Value of --namespace: which namespaces beside our own are meant.
import type { NamedNamespaces } from '../remove/model/policy.ts';
import { UsageError } from './usage.ts';

/** With those of a filter. `4026532201`, also as `/proc/PID/ns` has it: `mnt:[4026532201]`; `all`. Throws UsageError. */
export function namedNamespaces(option: string | undefined, byFilter: ReadonlySet<string>): NamedNamespaces {
  if (option === undefined) return byFilter;
  if (option === 'all') return 'all';
  const numbers = option.split(',').map((word) => /^(?:(?:ipc|mnt):)?(\[?)(\d+)\]?$/.exec(word)?.[2]);
  if (numbers.some((number) => number === undefined)) {
    throw new UsageError(
      `--namespace takes numbers of namespaces, as ls --columns +ns shows them, or all; not '${option}'`,
    );
  }
  return new Set([...byFilter, ...numbers.filter((number) => number !== undefined)]);
}
