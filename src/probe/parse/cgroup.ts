// /proc/PID/cgroup: the container, pod, systemd unit and batch job that a process runs in, by the path of its control group (cgroups(7)).
import { type ByteString, textOfBytes } from '../model/bytes.ts';
import type { Container, Holder } from '../model/object.ts';
import { containerStep, jobStep, podStep } from './cgroup-step.ts';

export type Place = Pick<Holder, 'container' | 'unit' | 'job'>;

/**
 * Who may have given a control group its name: the user whom the first folder above it belongs to that is not root's, 0 for root;
 * UNKNOWN_USER where that cannot be told. `hierarchy` as the text names it: '' for the one of version 2.
 */
export type NamedBy = (hierarchy: ByteString, path: ByteString) => number;

interface Line {
  readonly hierarchy: ByteString;
  readonly path: ByteString;
}

/** Where the path of a runtime, or of systemd, is to be found first. */
const FIRST = ['', 'name=systemd', 'memory', 'pids'];

/**
 * Of several containers the innermost. Root's names are believed; those of another user are marked as his, which keeps them apart from
 * root's, and so are those of whom nobody can tell. Absent: a process of the host, or a path out of sight.
 */
export function parsePlace(text: ByteString, namedBy: NamedBy): Place {
  let unit: string | undefined;
  let job: string | undefined;
  for (const { hierarchy, path } of linesOf(text)) {
    const steps = path.split('/').slice(1);
    const by = (at: number) => namedBy(hierarchy, `/${steps.slice(0, at + 1).join('/')}`);
    const container = innermost(steps, by);
    unit ??= unitAmong(steps, by);
    job ??= jobAmong(steps, by);
    if (container) return { container, unit, job };
  }
  return unit === undefined && job === undefined ? NOWHERE : { unit, job };
}

const NOWHERE: Place = {};

/** The group that a process's memory is charged to; undefined for the root, and out of sight. */
export function parseMemoryGroup(text: ByteString): { readonly version: 1 | 2; readonly path: ByteString } | undefined {
  const lines = allLines(text).filter(({ path }) => path !== '/' && !path.startsWith('/..'));
  const first = lines.find(({ hierarchy }) => hierarchy.split(',').includes('memory'));
  const path = first?.path ?? lines.find(({ hierarchy }) => hierarchy === '')?.path;
  return path === undefined ? undefined : { version: first ? 1 : 2, path };
}

/** The paths of all hierarchies, below the root that the reader sees, each once. */
export function parseCgroupPaths(text: ByteString): readonly ByteString[] {
  return [...new Set(allLines(text).map(({ path }) => path))];
}

const allLines = (text: ByteString): Line[] =>
  text.split('\n').flatMap((line) => {
    const [, hierarchy, path] = /^\d+:([^:]*):(\/.*)$/s.exec(line) ?? [];
    return hierarchy === undefined || path === undefined ? [] : [{ hierarchy, path }];
  });

/** Those that say something, each path once. */
function linesOf(text: ByteString): Line[] {
  const rank = ({ hierarchy }: Line) => (FIRST.includes(hierarchy) ? FIRST.indexOf(hierarchy) : FIRST.length);
  const lines = allLines(text).filter(({ path }) => path !== '/' && !path.startsWith('/..'));
  if (lines.length < 2) return lines;
  const seen = new Set<ByteString>();
  return lines.sort((a, b) => rank(a) - rank(b)).filter(({ path }) => !seen.has(path) && seen.add(path));
}

type By = (at: number) => number;

function innermost(steps: readonly ByteString[], by: By): Container | undefined {
  for (let at = steps.length - 1; at >= 0; at--) {
    const found = containerStep(steps, at);
    if (!found) continue;
    const uid = by(at);
    const podUid = steps
      .slice(0, at + 1)
      .map(podStep)
      .findLast(Boolean);
    const within = around(steps, at);
    return {
      ...found,
      ...(uid === 0 ? {} : { uid }),
      ...(within === undefined ? {} : { within }),
      ...(podUid === undefined ? {} : { podUid }),
    };
  }
  return undefined;
}

/** The id of the container that lies nearest around step `end`. */
function around(steps: readonly ByteString[], end: number): string | undefined {
  for (let at = end - 1; at >= 0; at--) {
    const found = containerStep(steps, at);
    if (found) return found.id;
  }
  return undefined;
}

const UNIT = /\.(?:service|scope|mount|socket|swap)$/;

/** The innermost unit that is not a container's own; behind the last one of root's where it is somebody else's, or a container's inside. */
function unitAmong(steps: readonly ByteString[], by: By): string | undefined {
  const isUnit = (at: number) => UNIT.test(steps[at] ?? '') && steps[at] !== 'init.scope' && !containerStep(steps, at);
  const at = lastIndex(steps.length, isUnit);
  const name = textOfBytes(steps[at] ?? '');
  if (at < 0) return undefined;
  const outer = around(steps, at);
  if (outer !== undefined) return `${outer}/${name}`;
  if (by(at) === 0) return name;
  const manager = lastIndex(at, (each) => isUnit(each) && by(each) === 0);
  return manager < 0 ? undefined : `${textOfBytes(steps[manager] ?? '')}/${name}`;
}

function jobAmong(steps: readonly ByteString[], by: By): string | undefined {
  const at = lastIndex(steps.length, (each) => jobStep(steps, each) !== undefined);
  return at >= 0 && by(at) === 0 ? jobStep(steps, at) : undefined;
}

function lastIndex(end: number, isWanted: (at: number) => boolean): number {
  for (let at = end - 1; at >= 0; at--) if (isWanted(at)) return at;
  return -1;
}
