// What the path of a control group tells of who belongs together (cgroups(7), systemd.unit(5), systemd.slice(5)).
import { type ByteString, textOfBytes } from '../bytes.ts';

/**
 * `own`: what runs in it was started as one thing, and may start again. `login`: a person's session or user slice, in which
 * everything that he starts runs. Undefined: it tells nothing (`/`, the first process's own, outside of what can be seen).
 */
export interface Unit {
  readonly kind: 'own' | 'login';
  /** All of it is below this path. */
  readonly path: ByteString;
}

const UNIT = /\.(?:service|scope|mount|socket|swap)$/;
/** Scopes of sessions, and those in which a terminal runs a person's shell. */
const LOGIN = /^(?:session-[^/]+\.scope|user@\d+\.service|vte-spawn-[^/]+\.scope|tmux-spawn-[^/]+\.scope)$/;
/** A tree that no systemd made: of its last folder it is not known whether it is a job or a step of one. */
const LEAST_DEPTH = 3;

export function unitOf(path: ByteString | undefined): Unit | undefined {
  // Those who leave many objects are of one unit.
  if (path !== last.path) last = { path, unit: parseUnit(path) };
  return last.unit;
}

let last: { readonly path: ByteString | undefined; readonly unit: Unit | undefined } = { path: '/', unit: undefined };

function parseUnit(path: ByteString | undefined): Unit | undefined {
  if (path === undefined || !path.startsWith('/') || path === '/' || path.startsWith('/..')) return undefined;
  const names = path.split('/').slice(1);
  let at = names.findLastIndex((name) => UNIT.test(name));
  if (names[at] === 'init.scope') at = names.slice(0, at).findLastIndex((name) => UNIT.test(name));
  const upTo = (count: number) => `/${names.slice(0, count).join('/')}`;
  const name = names[at];
  if (name !== undefined) return { kind: LOGIN.test(name) ? 'login' : 'own', path: upTo(at + 1) };
  if (names.includes('init.scope')) return undefined;
  if (names.includes('user.slice')) return { kind: 'login', path };
  if (names.every((each) => each.endsWith('.slice'))) return undefined;
  return { kind: 'own', path: names.length < LEAST_DEPTH ? path : upTo(names.length - 1) };
}

/** Is a process with these paths (one for each hierarchy) in the unit? */
export const isIn = (cgroups: readonly ByteString[], { path }: Pick<Unit, 'path'>): boolean =>
  cgroups.some((each) => each === path || each.startsWith(`${path}/`));

/** Does a process with these paths manage the unit, as systemd does from the `init.scope` beside it? */
export function manages(cgroups: readonly ByteString[], unit: Unit | undefined): boolean {
  return cgroups.some(
    (each) => each.endsWith('/init.scope') && unit?.path.startsWith(each.slice(0, -'init.scope'.length)),
  );
}

/** `train.service`. */
export const unitName = ({ path }: Pick<Unit, 'path'>): string => textOfBytes(path.slice(path.lastIndexOf('/') + 1));
