// Where the pages of an object are, in words: one line for each mapping of a holder.
import type { Placement } from '../../probe/model/placement.ts';
import { spellBytes } from './bytes.ts';
import type { Style } from './style.ts';

/** `123: node 0 4.0K, node 1 8.0K; pages of 4.0K; pays 6.0K (PSS)`. */
export function placementLines({ ranges }: Placement, style: Style): string[] {
  return ranges.map(({ pid, start, nodes, pageBytes, pssBytes }) => {
    const bytes = (value: number) => spellBytes(value, style);
    const parts = [
      nodes.map(({ node, bytes: there }) => `node ${node} ${bytes(there)}`).join(', '),
      pageBytes === undefined ? '' : `pages of ${bytes(pageBytes)}`,
      pssBytes === undefined ? '' : `pays ${bytes(pssBytes)} of it (PSS)`,
    ].filter((part) => part !== '');
    return `${pid} at 0x${start.toString(16)}: ${parts.join('; ')}`;
  });
}
