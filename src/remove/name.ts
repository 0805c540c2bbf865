// Removes names in /dev/shm: look, lease, take aside, compare the inode, wait for openers, unlink or put back.
import { constants } from 'node:fs';
import {
  EACCES,
  EAGAIN,
  EBUSY,
  EEXIST,
  EINVAL,
  ELOOP,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  EOVERFLOW,
  EPERM,
  EXDEV,
  errnoName,
} from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_REMOVEDIR, O_CLOEXEC, O_PATH } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { escapeBytes } from '../probe/model/bytes.ts';
import { openPinnedQuietly } from '../probe/source/pinned.ts';
import type { Aside } from './aside.ts';
import { isEmptyDirectory } from './empty-directory.ts';
import { type NameRecord, nameDifference, nameUse } from './model/identity.ts';
import type { Plan } from './model/plan.ts';
import { refuse, refuseChanged } from './model/refusal.ts';
import type { Outcome } from './model/report.ts';
import { type Looker, openPlace, type Place } from './mount-root.ts';
import type { Save } from './save.ts';
import type { OnStep } from './step.ts';

const GONE: Outcome = { kind: 'nothing', reason: 'was gone already' };

export interface NameTools {
  readonly libc: Libc;
  readonly look: Looker;
  readonly rootFd: number;
  readonly aside: Aside;
  readonly onStep: OnStep | undefined;
  readonly save: Save | undefined;
}

/** A name that was taken aside, found to be the right one, and not yet unlinked. */
export interface Taken {
  readonly plan: Plan;
  /** Where its name was. */
  readonly place: Place;
  readonly at: Place;
  /** Open with a lease on it; absent where there is none. */
  readonly leaseFd?: number;
  readonly record: NameRecord & { readonly allocatedBytes?: number };
  readonly savedAs?: string;
}

export class NameRemover {
  readonly #tools: NameTools;

  constructor(tools: NameTools) {
    this.#tools = tools;
  }

  /** The first half: afterwards the name is gone, and can still be put back. `number` is unique within the run. */
  take(plan: Plan, number: number): Taken | Outcome {
    const { libc, look, rootFd } = this.#tools;
    const place = openPlace(look, rootFd, plan.object.rawName);
    if (typeof place === 'number') return this.#notReached(place);
    const taken = this.#takeFrom(plan, place, number);
    if (!('place' in taken)) file.close(libc, place.dirfd);
    return taken;
  }

  #takeFrom(plan: Plan, place: Place, number: number): Taken | Outcome {
    const { libc, look, onStep, save } = this.#tools;
    const found = look.name(place.dirfd, place.base);
    if (typeof found === 'number') return this.#notReached(found);
    if (look.isCovered(place.dirfd, found)) return this.#notReached(-EBUSY);
    const changed = difference(plan, found);
    if (changed !== undefined) return refuseChanged(changed);
    onStep?.('found', plan);
    if (plan.object.type === 'directory') {
      const isEmpty = isEmptyDirectory(place, plan.object, look);
      if (typeof isEmpty === 'number') return this.#notReached(isEmpty);
      if (!isEmpty) return refuse('not-empty', 'is a directory that is not empty');
    }
    const leaseFd = this.#lease(plan, place);
    if (typeof leaseFd === 'object') return leaseFd;
    if (leaseFd !== undefined) onStep?.('leased', plan);
    const saved = save?.name(plan, place, leaseFd);
    const taken = typeof saved === 'object' ? saved : this.#takeLeased(plan, place, number, leaseFd);
    if ('place' in taken) return { ...taken, savedAs: typeof saved === 'string' ? saved : undefined };
    if (leaseFd !== undefined) file.close(libc, leaseFd);
    return taken;
  }

  #takeLeased(plan: Plan, place: Place, number: number, leaseFd: number | undefined): Taken | Outcome {
    const { look, aside, onStep } = this.#tools;
    // Looked at twice, so that the name of something else is moved only when it came within a microsecond.
    const found = look.name(place.dirfd, place.base);
    if (typeof found === 'number') return this.#notReached(found);
    const changed = difference(plan, found);
    if (changed !== undefined) return refuseChanged(changed);
    const at = aside.take(place, number);
    if (at === -EINVAL) return refuse('unsupported', 'lies on a file system that cannot rename without replacing');
    if (typeof at === 'number') return this.#notReached(at);
    onStep?.('taken', plan);
    const record = look.name(at.dirfd, at.base);
    const isOther = typeof record === 'number' || nameDifference(plan.object, record) !== undefined;
    if (isOther) return this.#putBack(place, at, refuseChanged('another object has its name'));
    onStep?.('verified', plan);
    const open = leaseFd === undefined ? undefined : look.descriptor(leaseFd);
    return { plan, place, at, leaseFd, record: open === undefined || typeof open === 'number' ? record : open };
  }

  /** The second half, some time later: unlinks, or puts back what somebody was just opening. Closes everything. */
  finish({ plan, place, at, leaseFd, record, savedAs }: Taken): Outcome {
    const { libc, onStep } = this.#tools;
    try {
      if (leaseFd !== undefined && !file.isLeaseUndisturbed(libc, leaseFd)) {
        return this.#putBack(place, at, refuse('came-alive', 'was opened by somebody in this instant'));
      }
      const flags = plan.object.type === 'directory' ? AT_REMOVEDIR : 0;
      const failed = file.unlinkat(libc, at.dirfd, at.base, flags);
      if (failed < 0) {
        const reason =
          failed === -ENOTEMPTY || failed === -EEXIST
            ? refuse('not-empty', 'is a directory in which something was just made')
            : refuse('failed', `could not be removed (unlinkat: ${errnoName(failed)})`);
        return this.#putBack(place, at, reason);
      }
      onStep?.('unlinked', plan);
      return removed(plan, record, savedAs);
    } finally {
      if (leaseFd !== undefined) file.close(libc, leaseFd);
      file.close(libc, place.dirfd);
    }
  }

  /**
   * Opens the file and takes a lease, which the kernel gives only while nobody else has it open or mapped; until it is
   * closed, whoever opens the file waits. Undefined: there can be none, and the listing did not rest on one.
   */
  #lease({ object, isForced }: Plan, place: Place): number | undefined | Outcome {
    const { libc, look } = this.#tools;
    if (isForced || (object.type !== 'file' && object.type !== 'semaphore')) return undefined;
    const wasFree = object.verdict.evidence.some(({ code }) => code === 'lease-free');
    // First without opening it: what has its name by now might be a device that acts when it is opened.
    const pin = file.openat(libc, place.dirfd, place.base, O_PATH | constants.O_NOFOLLOW | O_CLOEXEC);
    if (pin < 0) return this.#notReached(pin);
    const pinned = look.descriptor(pin);
    const isSame = typeof pinned !== 'number' && nameDifference(object, pinned) === undefined;
    const fd = isSame ? openPinnedQuietly(libc, pin) : 0;
    file.close(libc, pin);
    if (!isSame) return refuseChanged('another object has its name');
    const result = fd < 0 ? fd : file.takeLease(libc, fd);
    if (fd >= 0 && result >= 0) return fd;
    if (fd >= 0) file.close(libc, fd);
    if (result === -EAGAIN) return refuse('came-alive', 'somebody has it open or mapped');
    if (!wasFree) return undefined;
    if (result === -EACCES || result === -EPERM)
      return refuse('permission', `may not be looked into (${errnoName(result)})`);
    return refuse('unsupported', `the kernel does not tell whether anybody has it open (${errnoName(result)})`);
  }

  #putBack(place: Place, at: Place, otherwise: Outcome): Outcome {
    const result = this.#tools.aside.putBack(at, place);
    if (result >= 0) return otherwise;
    const why = result === -EEXIST ? 'the name was made again meanwhile' : errnoName(result);
    const kept = escapeBytes(this.#tools.aside.pathOf(at));
    return refuse('displaced', `was replaced, and what had its name lies in ${kept} (${why})`);
  }

  #notReached(result: number): Outcome {
    switch (result) {
      case -ENOENT:
        return GONE;
      case -ENOTDIR:
      case -ELOOP:
      case -EINVAL:
      case -EXDEV:
        return refuseChanged('a directory on the way to it was replaced');
      case -EACCES:
      case -EPERM:
        return refuse('permission', `may not be removed by this user (${errnoName(result)})`);
      case -EOVERFLOW:
        // Its root is none of ours: the kernel lets nobody from outside make a name there (inode_permission(), may_create()).
        return refuse('namespace', 'lies on a tmpfs of another user namespace, where names cannot be moved from here');
      case -EBUSY:
        return refuse('failed', 'is a mount point (EBUSY)');
      default:
        return refuse('failed', `could not be removed (${errnoName(result)})`);
    }
  }
}

function difference({ object, isForced }: Plan, now: NameRecord): string | undefined {
  return nameDifference(object, now) ?? (isForced ? undefined : nameUse(object, now));
}

function removed({ object, isForced }: Plan, record: Taken['record'], savedAs: string | undefined): Outcome {
  const isFile = object.type === 'file' || object.type === 'semaphore';
  if (!isFile || record.links > 1) return { kind: 'removed', how: 'name-only', freedBytes: 0, savedAs };
  if (isForced) return { kind: 'removed', how: 'freed-later', freedBytes: 0, savedAs };
  return {
    kind: 'removed',
    how: 'freed-now',
    freedBytes: record.allocatedBytes ?? object.allocatedBytes ?? 0,
    savedAs,
  };
}
