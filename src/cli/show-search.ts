// `shmtop show --search`: who knows the name? Asks before the memory of others is read, shows how far it is, and what it came to.
import { escapeBytes } from '../probe/model/bytes.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { FoundName, NameSearch } from '../probe/model/search/name-search.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';
import type { CliContext } from './context.ts';

const PROGRESS_EVERY_MS = 200;

/** Undefined where nothing was searched; why not is then in `problem`. */
export async function searchFor(
  context: CliContext,
  object: ShmObject,
  { yes, style }: { readonly yes: boolean; readonly style: Style },
): Promise<NameSearch | { readonly problem: string }> {
  const plan = await context.planSearch(object);
  if ('problem' in plan) return plan;
  if (plan.isOfOthers && !yes) {
    const ask = await context.asker();
    if (!ask) return { problem: 'the memory of another user was not read: nobody can be asked here; give --yes' };
    const whom = `${countOf(plan.processes, 'process', 'processes')} of ${object.user ?? `user ${plan.uid}`}`;
    const answer = ask(`Read the memory of ${whom}, looking for "${escapeBytes(plan.text)}"? [y/N] `) ?? '';
    if (!/^y(es)?$/i.test(answer)) return { problem: 'the memory of another user was not read: it was not confirmed' };
  }
  const { stderr } = context;
  let shownMs = performance.now();
  let hasShown = false;
  const found = plan.run((done, readBytes) => {
    if (!stderr.isTty || performance.now() - shownMs < PROGRESS_EVERY_MS) return;
    shownMs = performance.now();
    hasShown = true;
    stderr.write(
      `\r\x1b[K${done} of ${countOf(plan.processes, 'process', 'processes')}, ${spellBytes(readBytes, style)} read; Ctrl-C ends it`,
    );
  });
  if (hasShown) stderr.write('\r\x1b[K');
  return found;
}

/** Its lines: who has it, or where else it may be. */
export function describeSearch(search: NameSearch, style: Style): string[] {
  const { text, uid, found, processes, readBytes, unreadable, partly, silent, observers, ended } = search;
  const looked = `${spellBytes(readBytes, style)} read of ${countOf(processes, 'process', 'processes')} of uid ${uid}`;
  const unseen = [
    ...(unreadable > 0 ? [`${countOf(unreadable, 'process', 'processes')} not readable`] : []),
    ...(partly > 0 ? [`${countOf(partly, 'process', 'processes')} only in part`] : []),
    ...(silent > 0 ? [`${countOf(silent, 'process', 'processes')} that did not answer`] : []),
    ...(observers > 0 ? [`without ${countOf(observers, 'other shmtop')}, which knows what it shows`] : []),
    ...(ended === undefined ? [] : [`ended early: ${ENDS[ended]}`]),
  ];
  const looks = [looked, ...unseen].join(', ');
  const users = found.filter(({ isAncestor }) => !isAncestor);
  const lines = [...users, ...found.filter(({ isAncestor }) => isAncestor)].map(spellFound);
  if (users.length > 0) return [...lines, `looked for "${escapeBytes(text)}": ${looks}; a suggestion, never proof`];
  const where = 'it may sit in a pipe or a socket, in swapped pages, or with another user';
  return [
    ...lines,
    `"${escapeBytes(text)}" is in no ${lines.length > 0 ? 'other ' : ''}process of uid ${uid}: ${looks}; ${where}`,
  ];
}

const ENDS = {
  bytes: 'so much is enough',
  time: 'it took too long',
  processes: 'there are more processes',
  silent: 'too many did not answer',
} as const;

function spellFound({ pid, comm, place, isAncestor }: FoundName): string {
  const where = place === undefined ? 'memory without a name' : escapeBytes(place.replace(/^\[(.*)\]$/, '$1'));
  const note = isAncestor ? ', which this command was started from: there it may have been typed or shown' : '';
  return `found in ${escapeBytes(comm)}[${pid}] (${where})${note}`;
}

/** What `show --json --search` adds to an object. */
export function jsonOfSearch({
  text,
  uid,
  found,
  processes,
  readBytes,
  unreadable,
  partly,
  silent,
  observers,
  ended,
}: NameSearch) {
  return {
    text: escapeBytes(text),
    uid,
    found: found.map(({ pid, comm, place, isAncestor }) => ({
      ...{ pid, comm: escapeBytes(comm), place: place === undefined ? undefined : escapeBytes(place), isAncestor },
    })),
    ...{ processes, readBytes, unreadable, partly, silent, observers, ended },
  };
}
