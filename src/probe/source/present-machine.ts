// The machine as it is now, for what follows from lives: processes through the book of the sample, sessions, units, containers.
// Nothing is read unless a life asks; each question of all processes is asked once a sample.
import type { ByteString } from '../model/bytes.ts';
import { hasEnded } from '../model/judge/maker.ts';
import type { Living, PlaceNow, Present } from '../model/life/present.ts';
import { isIn, type Unit } from '../model/life/unit.ts';
import { type Container, containerKey } from '../model/object.ts';
import { once } from '../model/once.ts';
import { parseCgroupPaths } from '../parse/cgroup.ts';
import { leadsTerminal, type PidStat } from '../parse/pid-stat.ts';
import { MOST_CGROUP_BYTES } from '../territory/patience/caps.ts';
import { type Io, readText } from './io.ts';
import { isRootOfMachine } from './own-view.ts';
import type { PidBook } from './pid-book.ts';
import { containerAtRest, unitAtRest } from './place-at-rest.ts';
import type { NotesOf } from './process-notes.ts';

export interface PresentOptions {
  readonly io: Io;
  readonly procRoot: string;
  readonly pids: readonly number[];
  readonly book: Pick<PidBook, 'answer' | 'seesAllProcesses'>;
  readonly notesOf: NotesOf;
}

/** From a process up to the first one. */
const MOST_STEPS = 64;

/** What of `Present` is the same for all objects of a sample. */
export type PresentMachine = Pick<Present, 'seesAll' | 'process' | 'session' | 'unit' | 'container'>;

export function presentMachine({ io, procRoot, pids, book, notesOf }: PresentOptions): PresentMachine {
  const alive = (pid: number): PidStat | undefined => {
    const answer = book.answer(pid);
    return typeof answer === 'string' || hasEnded(answer) ? undefined : answer;
  };
  /** Undefined where that cannot be read: it may be in any. */
  const cgroupsOf = (pid: number): readonly ByteString[] | undefined => {
    const notes = notesOf(pid);
    if (!notes.cgroups) {
      const text = readText(io, `${procRoot}/${pid}/cgroup`, MOST_CGROUP_BYTES);
      // ENOMEM; ENAMETOOLONG, which whoever may make groups brings about.
      if (typeof text === 'number') return undefined;
      notes.cgroups = parseCgroupPaths(text);
    }
    return notes.cgroups;
  };
  const living = (pid: number, stat: PidStat): Living => ({
    pid,
    comm: stat.comm,
    leadsTerminal: leadsTerminal(pid, stat),
    cgroups: cgroupsOf(pid) ?? [],
  });
  /** Who lives where that is wanted; `unknown`: nobody, but somebody who lives could not be asked; undefined: nobody. */
  const firstWith = (isWanted: (cgroups: readonly ByteString[]) => boolean): Living | 'unknown' | undefined => {
    let isOpen = false;
    for (const pid of pids) {
      const cgroups = cgroupsOf(pid);
      if (cgroups && !isWanted(cgroups)) continue;
      const stat = alive(pid);
      if (stat && cgroups) return living(pid, stat);
      isOpen ||= stat !== undefined;
    }
    return isOpen ? 'unknown' : undefined;
  };
  const sessions = once(() => {
    const bySession = new Map<number, number[]>();
    const us = askers(alive);
    for (const pid of pids) {
      const stat = alive(pid);
      if (!stat || stat.isKernelThread || (us.has(pid) && stat.session !== pid)) continue;
      const members = bySession.get(stat.session);
      if (members) members.push(pid);
      else bySession.set(stat.session, [pid]);
    }
    return bySession;
  });
  // Below another root other units and containers are described, or none.
  const isAtHome = once(() => isRootOfMachine(io));
  const atRest = (ask: () => PlaceNow): PlaceNow => (isAtHome() ? ask() : 'unknown');
  const units = new Map<ByteString, PlaceNow>();
  const containers = new Map<string, PlaceNow>();
  return {
    seesAll: book.seesAllProcesses(),
    process: (pid, startTicks, notAfterTicks) => {
      const answer = book.answer(pid);
      if (answer === 'hidden') return 'unknown';
      if (typeof answer === 'string' || hasEnded(answer)) return 'ended';
      if (startTicks !== undefined && answer.startTicks !== startTicks) return 'ended';
      if (startTicks === undefined && notAfterTicks !== undefined && answer.startTicks > notAfterTicks) return 'ended';
      return living(pid, answer);
    },
    session: (id) =>
      (sessions().get(id) ?? []).flatMap((pid) => {
        const stat = alive(pid);
        return stat ? [living(pid, stat)] : [];
      }),
    unit: (unit: Unit) =>
      remember(
        units,
        unit.path,
        () => firstWith((cgroups) => isIn(cgroups, unit)) ?? atRest(() => unitAtRest(io, unit)),
      ),
    container: (container: Container) =>
      remember(containers, `${container.runtime} ${containerKey(container)}`, () => {
        const runs = firstWith((cgroups) => cgroups.some((path) => isInContainer(path, container)));
        return runs ?? atRest(() => containerAtRest(io, container));
      }),
  };
}

/** In it, or in the pod that it is of: kubelet starts containers of a pod again under new ids, and they find its /dev/shm as it was. */
const isInContainer = (path: ByteString, { id, podUid }: Container): boolean =>
  path.includes(id) || (podUid !== undefined && (path.includes(podUid) || path.includes(podUid.replaceAll('-', '_'))));

/** Ourselves, and whoever has begun us: they look at the object, and do not use it. */
function askers(alive: (pid: number) => PidStat | undefined): ReadonlySet<number> {
  const askers = new Set<number>();
  for (let pid = process.pid, steps = 0; pid > 1 && steps < MOST_STEPS; steps++) {
    askers.add(pid);
    pid = alive(pid)?.ppid ?? 0;
  }
  return askers;
}

function remember<Key>(known: Map<Key, PlaceNow>, key: Key, find: () => PlaceNow): PlaceNow {
  let place = known.get(key);
  if (place === undefined) {
    place = find();
    known.set(key, place);
  }
  return place;
}
