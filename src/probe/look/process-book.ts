// What is known of processes in one look: makers and holders by pid, in whose container each is, and who lives in other namespaces.
import type { Container } from '../model/object.ts';
import { NamespaceResidents } from '../source/namespace-residents.ts';
import { PidBook } from '../source/pid-book.ts';
import type { ProcessFacts } from '../source/processes.ts';
import type { Machine } from './machine.ts';
import type { Sighting } from './sighting.ts';

export interface ProcessBook {
  readonly pids: PidBook;
  /** With the name of its container, where that is known. */
  readonly facts: (pid: number) => ProcessFacts | undefined;
  /** Its pids in nested pid namespaces, from the outermost. */
  readonly nsPids: (pid: number) => readonly number[] | undefined;
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
    placeOf: (pid, notes) => places.placeOf(pid, notes),
    of: units ? 'all' : 'contained',
  });
  const facts = (pid: number) => {
    const found = pids.facts(pid);
    // A container of another machine may have the id of one of ours: only that one is asked about.
    if (found?.container === undefined || !nameContainer || procKind !== 'own') return found;
    return { ...found, container: nameContainer(found.container) };
  };
  const nsPids = (pid: number) => (ledger.notes(pid).names ?? reader.names(pid))?.nsPids;
  return { pids, facts, nsPids, residents: new NamespaceResidents(namespaces, (pid) => facts(pid)?.container) };
}
