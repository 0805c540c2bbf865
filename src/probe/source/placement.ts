// NUMA nodes and proportional share of the mappings of one object, by process: numa_maps and smaps. Dear: the kernel walks all of it.
import type { ShmObject } from '../model/object.ts';
import type { PlacedRange, Placement } from '../model/placement.ts';
import { PssLines, parseNumaLine } from '../parse/placement.ts';
import { MOST_MAPS_BYTES } from '../territory/patience/caps.ts';
import type { Io } from './io.ts';

/** A line of smaps is one of some 25 of a mapping. */
const MOST_SMAPS_BYTES = 4 * MOST_MAPS_BYTES;

/** A process that is gone or refuses has no entry. */
export function readPlacement(io: Io, procRoot: string, { id, holders }: ShmObject): Placement {
  return { id, ranges: holders.flatMap(({ pid, mappings }) => placementOf(io, `${procRoot}/${pid}`, pid, mappings)) };
}

function placementOf(
  io: Io,
  directory: string,
  pid: number,
  mappings: ShmObject['holders'][number]['mappings'],
): PlacedRange[] {
  if (mappings.length === 0) return [];
  const wanted = new Set(mappings.map(({ start }) => start));
  const nodesOf = new Map<number, Pick<PlacedRange, 'nodes' | 'pageBytes'>>();
  eachLine(io, `${directory}/numa_maps`, MOST_MAPS_BYTES, (line) => {
    const found = parseNumaLine(line);
    if (found && wanted.has(found.start)) nodesOf.set(found.start, found.nodes);
  });
  const pss = new PssLines(wanted);
  eachLine(io, `${directory}/smaps`, MOST_SMAPS_BYTES, (line) => pss.add(line));
  return [...wanted].flatMap((start): PlacedRange[] => {
    const nodes = nodesOf.get(start);
    const pssBytes = pss.bytesOf.get(start);
    if (!nodes && pssBytes === undefined) return [];
    return [{ pid, start, ...(nodes ?? { nodes: [] }), ...(pssBytes === undefined ? {} : { pssBytes }) }];
  });
}

function eachLine(io: Io, path: string, mostBytes: number, use: (line: string) => void): void {
  io.readLines(
    path,
    (piece) => {
      for (const line of Buffer.from(piece).toString('latin1').split('\n')) use(line);
    },
    mostBytes,
  );
}
