// Removes one System V segment of the IPC namespace that the thread is in: pin, compare, freeze, IPC_RMID, look again, detach.
import { EACCES, EIDRM, EINVAL, EPERM, errnoName } from '../native/errno.ts';
import { IPC, SHMID_DS } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import type { NativeMemory } from '../native/memory.ts';
import { removeSegment, type SegmentRecord, setSegment, shmat, shmdt, statSegment } from '../native/sysv.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { isTooFresh, originDifference, segmentDifference, segmentUse } from './model/identity.ts';
import type { Plan } from './model/plan.ts';
import { type Refusal, refuse, refuseChanged } from './model/refusal.ts';
import type { Outcome } from './model/report.ts';
import type { Privileges } from './privileges.ts';
import type { Save } from './save.ts';
import type { OnStep } from './step.ts';

const PERMISSION_BITS = 0o777;
const GONE: Outcome = { kind: 'nothing', reason: 'was gone already' };

export interface SegmentTools {
  readonly libc: Libc;
  readonly privileges: Privileges;
  readonly onStep: OnStep | undefined;
  readonly save: Save | undefined;
}

export class SegmentRemover {
  readonly #tools: SegmentTools;
  readonly #memory: NativeMemory;

  constructor(tools: SegmentTools) {
    this.#tools = tools;
    this.#memory = tools.libc.allocate(SHMID_DS.size);
  }

  /**
   * While this process has it attached, the shmid cannot come to mean another segment. Nobody without CAP_IPC_OWNER can
   * attach once its permissions are taken away, so that the last look before IPC_RMID stays true. The one who can and does,
   * between two system calls (0.3 µs), keeps the memory, and the report says so.
   */
  remove(plan: Plan): Outcome {
    const { libc, onStep, privileges } = this.#tools;
    const { object, isForced } = plan;
    const { shmid } = object;
    if (shmid === undefined) return refuse('failed', 'has no shmid');
    if (isTooFresh(plan)) return refuse('too-fresh', 'was made or used in the very second in which it was listed');
    const before = this.#stat(shmid);
    if (typeof before === 'number') return goneOr(before);
    const changed = segmentDifference(object, before) ?? (isForced ? undefined : segmentUse(object, before));
    if (changed !== undefined) return refuseChanged(changed);
    if (!privileges.ownsOrMayAdminister(before.uid, before.cuid)) return notPermitted(before);
    onStep?.('compared', plan);
    const address = shmat(libc, shmid, IPC.SHM_RDONLY);
    if (address < 0) {
      if (address === -EINVAL || address === -EIDRM) return this.#afterFailedAttach(plan, shmid, address);
      return this.#removeFrozen(plan, before, undefined);
    }
    try {
      onStep?.('pinned', plan);
      const pinned = this.#stat(shmid);
      if (typeof pinned === 'number') return goneOr(pinned);
      const reason = segmentDifference(object, pinned) ?? (isForced ? undefined : sharedPin(object, pinned));
      return reason === undefined ? this.#removeFrozen(plan, pinned, address) : refuseChanged(reason);
    } finally {
      shmdt(libc, address);
    }
  }

  /** shmat(2) says EINVAL also when the segment cannot be mapped here; then it is still in the table. */
  #afterFailedAttach(plan: Plan, shmid: number, result: number): Outcome {
    const now = this.#stat(shmid);
    return typeof now === 'number' ? goneOr(result) : this.#removeFrozen(plan, now, undefined);
  }

  /** `address`: where it is attached; absent where attaching is not permitted, so that the calls stand back to back. */
  #removeFrozen(plan: Plan, known: SegmentRecord, address: number | undefined): Outcome {
    const { libc, onStep, privileges, save } = this.#tools;
    const { isForced } = plan;
    const { shmid } = known;
    const saved = save?.segment(plan, known, address);
    if (saved !== undefined && typeof saved !== 'string') return saved;
    const mode = known.mode & PERMISSION_BITS;
    const isFrozen = !isForced && mode !== 0 && privileges.mapsAllUsers;
    if (isFrozen) {
      // IPC_SET sends back the record that was looked at last; saving may have taken long since then.
      const problem = saved === undefined ? undefined : this.#lookedAgain(plan, shmid, address);
      if (problem !== undefined) return problem;
      const failed = setSegment(libc, shmid, { ...known, mode: 0 }, this.#memory);
      if (failed < 0) return refusedCall('IPC_SET', failed, known);
    }
    onStep?.('frozen', plan);
    const last = this.#stat(shmid);
    const use = typeof last === 'number' ? undefined : this.#changedSince(plan, last, address, isFrozen);
    if (typeof last === 'number' || use !== undefined) {
      if (isFrozen) this.#thaw(shmid, known);
      return typeof last === 'number' ? goneOr(last) : refuseChanged(use ?? '');
    }
    onStep?.('checked', plan);
    const failed = removeSegment(libc, shmid);
    if (failed < 0) {
      if (isFrozen) this.#thaw(shmid, known);
      return refusedCall('IPC_RMID', failed, known);
    }
    onStep?.('marked', plan);
    return this.#lookAgain(plan, known, address, saved);
  }

  #lookedAgain(plan: Plan, shmid: number, address: number | undefined): Outcome | undefined {
    const current = this.#stat(shmid);
    if (typeof current === 'number') return goneOr(current);
    const changed = segmentDifference(plan.object, current) ?? this.#changedBy(plan, current, address);
    return changed === undefined ? undefined : refuseChanged(changed);
  }

  /** Somebody else than we has used it; undefined: nobody, or it does not matter. */
  #changedBy({ object, isForced }: Plan, now: SegmentRecord, address: number | undefined): string | undefined {
    if (isForced) return undefined;
    return address === undefined ? segmentUse(object, now) : sharedPin(object, now);
  }

  /** Without a pin the shmid may have come to mean another segment, whose ctime IPC_SET would have hidden. */
  #changedSince(plan: Plan, last: SegmentRecord, address: number | undefined, isFrozen: boolean): string | undefined {
    const isSame = address === undefined ? (isFrozen ? originDifference : segmentDifference) : () => undefined;
    return isSame(plan.object, last) ?? this.#changedBy(plan, last, address);
  }

  #lookAgain(
    { effect, isForced }: Plan,
    { shmid }: SegmentRecord,
    address: number | undefined,
    savedAs?: string,
  ): Outcome {
    const after = this.#stat(shmid);
    const others = typeof after === 'number' ? 0 : after.nattch - (address === undefined ? 0 : 1);
    const freedBytes = effect.freedBytes ?? 0;
    if (others <= 0) return { kind: 'removed', how: 'freed-now', freedBytes, savedAs };
    if (isForced) return { kind: 'removed', how: 'freed-later', freedBytes: 0, savedAs };
    const warning =
      'somebody attached it in the instant of its removal: it keeps its memory and goes with the last detach';
    return { kind: 'removed', how: 'freed-later', freedBytes: 0, savedAs, warning };
  }

  #thaw(shmid: number, known: SegmentRecord): void {
    const now = this.#stat(shmid);
    if (typeof now !== 'number') setSegment(this.#tools.libc, shmid, known, this.#memory);
  }

  #stat(shmid: number): SegmentRecord | number {
    return statSegment(this.#tools.libc, shmid, this.#memory);
  }
}

/**
 * With us attached, and nobody else since the listing: who stays is counted, who came after us is the last user, and who came
 * and went before us has left his time of detaching.
 */
function sharedPin(object: ShmObject, { nattch, lpid, dtimeSec }: SegmentRecord): string | undefined {
  if (nattch !== 1) return 'somebody attached it';
  if (lpid !== process.pid) return `process ${lpid} has used it`;
  return dtimeSec === (object.dtimeSec ?? 0) ? undefined : 'it was attached in between';
}

function goneOr(result: number): Outcome {
  return result === -EINVAL || result === -EIDRM
    ? GONE
    : refuse('failed', `could not be looked at (${errnoName(result)})`);
}

function refusedCall(call: string, result: number, known: SegmentRecord): Outcome {
  if (result === -EINVAL || result === -EIDRM) return GONE;
  if (result === -EPERM || result === -EACCES) return notPermitted(known);
  return refuse('failed', `could not be removed (${call}: ${errnoName(result)})`);
}

function notPermitted({ uid }: SegmentRecord): Refusal {
  return refuse('permission', `may be removed only by its owner (user ${uid}) or root (EPERM)`);
}
