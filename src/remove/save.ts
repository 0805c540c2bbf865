// `rm --save DIR`: copies the content of an object before it is removed, with a JSON sidecar that says what it was.
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../fault/thrown.ts';
import { type Folder, withFolder } from '../files/folder.ts';
import { createIn } from '../files/open-file.ts';
import { isRefused } from '../files/trust.ts';
import * as file from '../native/file.ts';
import { O_CLOEXEC } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { pageSizeBytes } from '../native/process.ts';
import type { SegmentRecord } from '../native/sysv.ts';
import { escapeBytes } from '../probe/model/bytes.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { FileStat } from '../probe/source/io.ts';
import { openPinnedQuietly, PIN_SCRATCH_BYTES, pin } from '../probe/source/pinned.ts';
import { nameDifference } from './model/identity.ts';
import type { Plan } from './model/plan.ts';
import { type Refusal, refuse, refuseChanged } from './model/refusal.ts';
import { sidecarText } from './model/sidecar.ts';
import { Looker, type Place } from './mount-root.ts';
import { copySparse } from './sparse-copy.ts';

const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | O_CLOEXEC;
const MEMORY_CHUNK_BYTES = 1 << 24;

/** Copies before removal; the answer is the path of the content, or why the object must stay. */
export interface Save {
  /** `address`: where this process has it attached. Its pages that were never touched are not touched by this either, as root. */
  readonly segment: (plan: Plan, known: SegmentRecord, address: number | undefined) => string | Refusal;
  /** Undefined where there is no content: directories, links, fifos. Ends when somebody else wants to open the file. */
  readonly name: (plan: Plan, place: Place, leaseFd: number | undefined) => string | Refusal | undefined;
  /**
   * The copy that was made of what was then not removed; undefined: none. It is not taken away: where something else has the name
   * by now, it may be all that is left.
   */
  readonly leftOver: (plan: Plan) => string | undefined;
}

export function saveInto(libc: Libc, directory: string): Save {
  const look = new Looker(libc);
  const made = new Map<Plan, string>();
  const kept = (plan: Plan, outcome: string | Refusal) => {
    if (typeof outcome === 'string') made.set(plan, outcome);
    return outcome;
  };
  return {
    leftOver: (plan) => made.get(plan),
    segment: (plan, { sizeBytes }, address) => {
      const { object } = plan;
      if (address === undefined)
        return refuse('not-saved', 'could not be saved: it may not be attached by this user (EACCES)');
      return kept(
        plan,
        saved(directory, object, sizeBytes, (to) => copySegment(libc, address, sizeBytes, to)),
      );
    },
    name: (plan, place, leaseFd) => {
      const { object } = plan;
      if (object.type !== 'file' && object.type !== 'semaphore') return undefined;
      const fd = leaseFd ?? openMeant(libc, place, object);
      if (fd === undefined) return refuseChanged('another object has its name');
      if (fd < 0) return refuse('not-saved', 'could not be saved: it may not be read by this user');
      try {
        const record = look.descriptor(fd);
        if (typeof record === 'number') return refuse('not-saved', 'could not be saved: it cannot be looked at');
        if (nameDifference(object, record) !== undefined) return refuseChanged('another object has its name');
        const mayGoOn = () => leaseFd === undefined || file.isLeaseUndisturbed(libc, leaseFd);
        const copy = (to: number) => copySparse(libc, fd, to, record.sizeBytes, mayGoOn);
        return kept(plan, saved(directory, object, record.sizeBytes, copy));
      } finally {
        if (leaseFd === undefined) file.close(libc, fd);
      }
    },
  };
}

/** Opens the file only when it is the one that is meant: a device or a fifo in its place would act. Undefined: it is another. */
function openMeant(libc: Libc, { dirfd, base }: Place, object: ShmObject): number | undefined {
  const isMeant = (stat: FileStat) => nameDifference(object, stat) === undefined;
  const pinned = pin(libc, dirfd, base, 'nofollow', libc.allocate(PIN_SCRATCH_BYTES), isMeant);
  if (pinned === undefined || pinned < 0) return pinned;
  const fd = openPinnedQuietly(libc, pinned);
  file.close(libc, pinned);
  return fd;
}

/** As many folders at the end of `--save DIR` are made where they are missing. */
const MOST_FOLDERS = 64;

/**
 * Makes content and sidecar, both on the disk when this returns; neither stays when something fails. Only in a folder in which
 * nobody else can exchange or remove them: the object will be gone.
 */
function saved(
  directory: string,
  object: ShmObject,
  sizeBytes: number,
  copy: (to: number) => boolean,
): string | Refusal {
  const path = join(directory, fileName(object));
  const done = withFolder(directory, { owner: 'safe', make: MOST_FOLDERS }, (folder) =>
    savedIn(folder, path, object, sizeBytes, copy),
  );
  if (typeof done === 'string' || !isRefused(done)) return done;
  return refuse('not-saved', `could not be saved to ${path} (${done.reason})`);
}

function savedIn(
  folder: Folder,
  path: string,
  object: ShmObject,
  sizeBytes: number,
  copy: (to: number) => boolean,
): string | Refusal {
  const name = fileName(object);
  const made: string[] = [];
  const open: number[] = [];
  const create = (name: string) => {
    const fd = createIn(folder, name, join(folder.path, name));
    if (typeof fd !== 'number') throw Object.assign(new Error(fd.reason), { code: fd.reason });
    made.push(name);
    open.push(fd);
    return fd;
  };
  const failed = (refusal: Refusal) => {
    for (const name of made) unlinkSync(folder.at(name));
    return refusal;
  };
  try {
    const to = create(name);
    ftruncateSync(to, sizeBytes);
    const isWhole = copy(to) && fstatSync(to).size === sizeBytes;
    if (!isWhole) return failed(refuse('came-alive', 'was opened by somebody while it was being saved'));
    fsyncSync(to);
    const beside = create(`${name}.json`);
    writeFileSync(beside, sidecarText(object, name, sizeBytes, new Date()));
    fsyncSync(beside);
    return path;
  } catch (error) {
    return failed(refuse('not-saved', `could not be saved to ${path} (${errorCode(error)})`));
  } finally {
    for (const fd of open) closeSync(fd);
  }
}

/** `sysv-5-0x00005301`, `posix-12-psm_4f2a`: unique by shmid or inode and time, readable by name. */
function fileName({ kind, shmid, inode, key, rawName, ctimeSec }: ShmObject): string {
  if (kind === 'sysv') return `sysv-${shmid}-${key}-${ctimeSec ?? 0}`;
  const readable = escapeBytes(rawName.slice(1))
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80);
  return `posix-${inode}-${ctimeSec ?? 0}-${readable}`;
}

/** Through our own mapping's file where that is permitted: there holes are seen. Otherwise straight from memory. */
function copySegment(libc: Libc, address: number, sizeBytes: number, to: number): boolean {
  const page = pageSizeBytes(libc);
  const end = address + Math.ceil(sizeBytes / page) * page;
  const from = file.open(
    libc,
    `/proc/self/map_files/${address.toString(16)}-${end.toString(16)}`,
    READ & ~constants.O_NOFOLLOW,
  );
  if (from >= 0) {
    const isWhole = copySparse(libc, from, to, sizeBytes, () => true);
    file.close(libc, from);
    return isWhole;
  }
  for (let at = 0; at < sizeBytes; ) {
    const count = file.write(libc, to, address + at, Math.min(MEMORY_CHUNK_BYTES, sizeBytes - at));
    if (count <= 0) throw Object.assign(new Error('write'), { code: count === 0 ? 'EIO' : 'ENOSPC' });
    at += count;
  }
  return true;
}
