// All IPC namespaces of the machine, each with its limits and with who lives in it: for whoever asks for them.
import type { NamespaceFacts, NamespaceResident } from '../model/namespace-facts.ts';
import type { Holder } from '../model/object.ts';
import type { ProcessFacts } from '../source/processes.ts';
import type { Machine } from './machine.ts';
import type { ProcessBook } from './process-book.ts';
import type { Sighting } from './sighting.ts';

/** Any user makes as many as he likes; those with most segments come first. */
const MOST_LISTED = 1000;

/** One pass over processes and segments; for each namespace the small files of one process. */
export function listNamespaces(machine: Machine, sighting: Sighting, book: ProcessBook): NamespaceFacts[] {
  const { namespaces, tables, ownNamespace, forest } = sighting;
  const pidsOf = Map.groupBy(namespaces.ipcOf.keys(), (pid) => namespaces.ipcOf.get(pid) ?? '');
  const sums = sumRows(machine, sighting);
  const ids = new Set([ownNamespace, ...tables.openNamespaces, ...pidsOf.keys()]);
  if (ids.size > MOST_LISTED) {
    const count = ids.size - MOST_LISTED;
    sighting.gaps.add('ns', 'limit', { count, detail: 'IPC namespaces of which is not told who lives in them' });
  }
  const segmentsOf = (id: string) => (id === ownNamespace ? Infinity : (sums.get(id)?.segments ?? 0));
  const listed = [...ids].sort((a, b) => segmentsOf(b) - segmentsOf(a)).slice(0, MOST_LISTED);
  return listed.map((id): NamespaceFacts => {
    const pids = pidsOf.get(id) ?? [];
    const door = tables.doors.get(id);
    const first = id === ownNamespace ? undefined : pids.length > 0 ? firstOf(pids, book) : door?.pid;
    const facts = first === undefined ? undefined : book.facts(first);
    const mounts = new Set(pids.map((pid) => namespaces.mountOf.get(pid)));
    return {
      id,
      isOwn: id === ownNamespace,
      keptBy: pids.length > 0 || id === ownNamespace ? 'process' : door?.pid === undefined ? 'mount' : 'descriptor',
      processes: pids.length,
      ...(first !== undefined && facts ? { resident: residentOf(first, facts, book.nsPids(first)) } : {}),
      ...ofPlace(pids.length > 0 ? { container: book.residents.ofIpc(id), unit: facts?.unit } : {}),
      ...machine.tables.limitsOf(id),
      ...(sums.get(id) ?? { segments: 0, pages: 0 }),
      mounts: forest.mounts
        .filter(({ mountNamespace }) => mounts.has(mountNamespace ?? namespaces.ownMount))
        .map(({ path, device }) => ({ path, device })),
    };
  });
}

/** Whoever made it may be in it too: one that is the first inside comes before him. */
const MOST_ASKED = 3;

function firstOf(pids: readonly number[], { nsPids }: ProcessBook): number | undefined {
  const first = pids.toSorted((a, b) => a - b).slice(0, MOST_ASKED);
  const isFirstInside = (pid: number) => {
    const inner = nsPids(pid);
    return inner.length > 1 && inner.at(-1) === 1;
  };
  return first.find(isFirstInside) ?? first[0];
}

const ofPlace = ({ container, unit }: Pick<Holder, 'container' | 'unit'>) => ({
  ...(container ? { container } : {}),
  ...(unit === undefined ? {} : { unit }),
});

function residentOf(pid: number, { comm, uid }: ProcessFacts, nsPids: readonly number[]): NamespaceResident {
  const innerPid = nsPids.length > 1 ? nsPids.at(-1) : undefined;
  return { pid, ...(innerPid === undefined ? {} : { innerPid }), comm, ...(uid === undefined ? {} : { uid }) };
}

function sumRows({ pageBytes }: Machine, { tables }: Sighting) {
  const sums = new Map<string, { segments: number; pages: number }>();
  for (const { ipcNamespace, sizeBytes } of tables.rows) {
    let sum = sums.get(ipcNamespace);
    if (!sum) {
      sum = { segments: 0, pages: 0 };
      sums.set(ipcNamespace, sum);
    }
    sum.segments++;
    sum.pages += Math.ceil(sizeBytes / pageBytes);
  }
  return sums;
}
