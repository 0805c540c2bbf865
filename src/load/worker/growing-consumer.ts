// The consumer of a buffer that grows: attaches each new segment as it comes, and follows the producer from one to the next.
import { closeSync, openSync } from 'node:fs';
import { errnoName } from '../../native/errno.ts';
import { blockWord } from '../growing.ts';
import { BLOCK, BLOCK_KIND, GROWTH } from '../model/growth.ts';
import { COUNTER, contiguous, RING, slotOf } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { wordAt } from '../ring-view.ts';
import { attachSegment } from '../segment.ts';
import { makeChecker } from '../verify.ts';
import { isProducerGone, mayEnd } from './ending.ts';
import { makeReader, type TakeMessages } from './reader.ts';
import type { Role } from './role.ts';
import { isSibling } from './sibling.ts';
import { tellFindings } from './tell-findings.ts';

const FAR = 1 << 30;

/** Runs as `consume` does. */
export function consumeGrowing(role: Role): void {
  const { view, setup, sync, beat } = role;
  const { words } = view;
  const { slots, drain } = setup;
  const counters = view.consumer;
  const copy = new Uint8Array(drain * setup.strideBytes);
  const checker = makeChecker(setup.verify, copy, setup, makePattern(setup.sizeBytes, setup.seed, setup.group));
  const { findings } = checker;
  const readers: TakeMessages[] = [makeReader(view, setup, copy)];
  let now = 0;
  let entry = setup.first;
  let tail = setup.first;
  let known = setup.first;
  const isGone = () => isProducerGone(view);
  const isEmpty = () => Atomics.load(words, wordAt(RING.head)) === tail;
  while (true) {
    attachNew(role, readers, copy);
    if (((known - tail) | 0) < 1) {
      known = sync.waitData(tail);
      if (((known - tail) | 0) < 1) {
        if (mayEnd(view, beat, isGone, isEmpty)) break;
        continue;
      }
    }
    // The index was read before: whatever it counts beyond the end of this segment, the end was told before that.
    const hasEnd = Atomics.load(words, blockWord(now, BLOCK.left)) === 1;
    const end = hasEnd ? words[blockWord(now, BLOCK.end)] : known;
    if (hasEnd && end === tail) {
      const next = words[blockWord(now, BLOCK.next)];
      attachNew(role, readers, copy);
      entry = words[blockWord(next, BLOCK.entry)];
      Atomics.store(words, blockWord(now, BLOCK.left), 0);
      now = next;
      continue;
    }
    const available = Math.min((known - tail) | 0, (end - tail) | 0);
    const at = (tail - entry) | 0;
    if (at > FAR) entry = (entry + (at & ~(slots - 1)) - slots) | 0;
    const count = contiguous(at, Math.min(available, drain), slots);
    readers[now](slotOf(at, slots), count);
    const first = tail;
    tail = (tail + count) | 0;
    sync.release(tail);
    checker.check(first, count);
    counters[COUNTER.messages] += count;
    tellFindings(counters, findings);
    beat.tick();
  }
  beat.now();
}

/** Maps what was added since, so that it stays when the producer goes. Throws where one cannot be attached. */
function attachNew(role: Role, readers: TakeMessages[], copy: Uint8Array<ArrayBuffer>): void {
  const { view, setup } = role;
  const { words } = view;
  const added = Atomics.load(words, wordAt(GROWTH.added));
  while (readers.length <= added) {
    const n = readers.length;
    const memory = attachBlock(role, words[blockWord(n, BLOCK.kind)], words[blockWord(n, BLOCK.id)]);
    readers.push(makeReader({ ...view, slots: new Uint8Array(memory) }, setup, copy));
    Atomics.store(words, wordAt(GROWTH.attached), n);
  }
}

function attachBlock({ libc, view, setup, parentPid }: Role, kind: number, id: number): ArrayBuffer {
  const bytes = setup.slots * setup.strideBytes;
  const fd = kind === BLOCK_KIND.fd ? openOfProducer(view.words, id, parentPid) : undefined;
  const handle = fd === undefined ? ({ kind: 'sysv', shmid: id } as const) : ({ kind: 'fd', fd } as const);
  const attached = attachSegment(libc, handle, bytes);
  if (fd !== undefined) closeSync(fd);
  if (typeof attached === 'number') throw new Error(`cannot attach a further segment: ${errnoName(attached)}`);
  return attached.memory;
}

/** A descriptor of the producer, by /proc; its pid is asked after the open, so that it cannot have been a stranger's. */
function openOfProducer(words: Int32Array, fd: number, parentPid: number): number {
  const pid = Atomics.load(words, wordAt(GROWTH.producerPid));
  const opened = openSync(`/proc/${pid}/fd/${fd}`, 'r+');
  if (isSibling(pid, parentPid)) return opened;
  closeSync(opened);
  throw new Error('the producer is gone');
}
