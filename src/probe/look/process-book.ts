// What is known of processes in one look: makers and holders by pid, in whose container each is, and who lives in other namespaces.
import type { Container } from '../model/object.ts';
import { once } from '../model/once.ts';
import { parsePidStatus } from '../parse/pid-stat.ts';
import { readText } from '../source/io.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { NamespaceResidents } from '../source/namespace-residents.ts';
import { PidBook } from '../source/pid-book.ts';
import type { ProcessFacts } from '../source/processes.ts';
import { MOST_STATUS_BYTES } from '../territory/patience/caps.ts';
import type { Machine } from './machine.ts';
import type { Sighting } from './sighting.ts';

export interface ProcessBook {
  readonly pids: PidBook;
  /** With the name of its container, where that is known. */
  readonly facts: (pid: number) => ProcessFacts | undefined;
  /** Its pids in nested pid namespaces, from the outermost; empty for one in ours. */
  readonly nsPids: (pid: number) => readonly number[];
  readonly residents: NamespaceResidents;
}

interface ProcessBookOptions {
  /** Units and jobs of all holders. */
  readonly units?: boolean;
  readonly nameContainer?: (container: Container) => Container;
}

export function openProcessBook(
  { io, procRoot, procKind, libc, ledger, places, reader }: Machine,
  { pids: all, namespaces }: Sighting,
  { units = false, nameContainer }: ProcessBookOptions,
): ProcessBook {
  const pids = new PidBook(io, procRoot, procKind, libc, all, namespaces, ledger.notes, reader, {
    placeOf: (pid, notes, isContained) => places.placeOf(pid, notes, isContained),
    of: units ? 'all' : 'contained',
  });
  // A container of another machine may have the id of one of ours: only that one is asked about.
  const named = (container: Container) => (nameContainer && procKind === 'own' ? nameContainer(container) : container);
  const facts = (pid: number) => {
    const found = pids.facts(pid);
    return found?.container === undefined ? found : { ...found, container: named(found.container) };
  };
  const ownPidNamespace = once(() => readNamespace(io, procRoot, 'self', 'pid'));
  const nsPids = (pid: number) => {
    const notes = ledger.notes(pid);
    notes.nsPids ??= notes.names?.nsPids ?? readNsPids(pid);
    return notes.nsPids;
  };
  const readNsPids = (pid: number): readonly number[] => {
    // A link is a tenth of what the text of its status costs.
    if (readNamespace(io, procRoot, pid, 'pid') === ownPidNamespace()) return [];
    const status = readText(io, `${procRoot}/${pid}/status`, MOST_STATUS_BYTES);
    return typeof status === 'number' ? [] : (parsePidStatus(status).nsPids ?? []);
  };
  return { pids, facts, nsPids, residents: new NamespaceResidents(namespaces, (pid) => facts(pid)?.container, named) };
}
