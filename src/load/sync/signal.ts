// Mode signal: a real-time signal for every message, which the reader takes from a signalfd(2) when it has nothing left to read.

import { errnoName } from '../../native/errno.ts';
import { POLLFD_BYTES, POLLIN, poll } from '../../native/eventfd.ts';
import { read } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { blockSignals, SIGINFO_BYTES, signalDescriptor } from '../../native/signals.ts';
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { type Send, type SignalNumbers, signaller } from './peer.ts';
import { noWaits, type Sync, WAIT_MS } from './sync.ts';

/** Some way above SIGRTMIN, of which libc keeps the first for itself; SIGURG and SIGWINCH. */
const DATA: SignalNumbers = { realTime: 42, harmless: 23 };
const SPACE: SignalNumbers = { realTime: 43, harmless: 28 };
/** So many signals may wait for the reader; the user has a limit for all his processes (RLIMIT_SIGPENDING). */
const MOST_WAITING = 256;
const AT_ONCE = 64;

/** Who this process is to the ring. */
export interface SignalSide {
  readonly isWriter: boolean;
  readonly parentPid: number;
}

/**
 * What has come stands in the ring; a signal only says that it is worth looking. So it does no harm that one stands for many: while
 * MOST_WAITING wait that nobody has taken, no more are sent. The order makes that safe, as in mode futex: the writer stores the index,
 * then looks how many were taken; the reader stores how many it took, then looks at the index.
 */
export function makeSignalSync(libc: Libc, view: RingView, slots: number, { isWriter, parentPid }: SignalSide): Sync {
  const { words } = view;
  const counts = noWaits();
  const [head, tail, taken] = [wordAt(RING.head), wordAt(RING.tail), wordAt(RING.signalsTaken)];
  const flag = wordAt(RING.producerWait);
  const inbox = makeInbox(libc, isWriter ? SPACE : DATA);
  const [ownPid, otherPid] = isWriter ? [RING.producerPid, RING.consumerPid] : [RING.consumerPid, RING.producerPid];
  Atomics.store(words, wordAt(ownPid), process.pid);
  let send: Send | undefined;
  let sent = 0;
  const tellOther = () => {
    send ??= signaller(libc, Atomics.load(words, wordAt(otherPid)), parentPid, isWriter ? DATA : SPACE);
    if (send?.() !== 0) return;
    counts.wakes++;
    sent = (sent + 1) | 0;
  };
  const sleep = () => {
    const startNs = monotonicNs();
    counts.sleeps++;
    inbox.sleep();
    counts.stallNs += monotonicNs() - startNs;
  };
  const takeAll = () => {
    const count = inbox.takeAll();
    if (count > 0) Atomics.store(words, taken, (Atomics.load(words, taken) + count) | 0);
  };
  return {
    waitData: (from) => {
      if (Atomics.load(words, head) !== from) return Atomics.load(words, head);
      counts.waits++;
      takeAll();
      if (Atomics.load(words, head) === from) {
        sleep();
        takeAll();
      }
      return Atomics.load(words, head);
    },
    waitSpace: (to, need) => {
      const target = (to - slots + need) | 0;
      const hasRoom = () => ((Atomics.load(words, tail) - target) | 0) >= 0;
      if (hasRoom()) return Atomics.load(words, tail);
      counts.waits++;
      Atomics.store(words, flag, 1);
      if (!hasRoom()) sleep();
      Atomics.store(words, flag, 0);
      inbox.takeAll();
      return Atomics.load(words, tail);
    },
    publish: (to) => {
      Atomics.store(words, head, to);
      if (((sent - Atomics.load(words, taken)) | 0) < MOST_WAITING) tellOther();
    },
    release: (to) => {
      Atomics.store(words, tail, to);
      if (Atomics.load(words, flag) === 1 && Atomics.compareExchange(words, flag, 1, 0) === 1) tellOther();
    },
    counts,
    isPerMessage: true,
  };
}

/** Signals that are sent to this thread, blocked so that they wait in a descriptor. */
function makeInbox(libc: Libc, { realTime, harmless }: SignalNumbers) {
  const signals = [realTime, harmless];
  const blocked = blockSignals(libc, signals);
  const fd = blocked < 0 ? blocked : signalDescriptor(libc, signals);
  if (fd < 0) throw new Error(`signalfd: ${errnoName(fd)}`);
  const room = libc.allocate(AT_ONCE * SIGINFO_BYTES);
  const pollfd = libc.allocate(POLLFD_BYTES);
  pollfd.i32[0] = fd;
  pollfd.i32[1] = POLLIN;
  return {
    sleep: () => poll(libc, pollfd.address, 1, WAIT_MS),
    /** How many there were. */
    takeAll: () => {
      let count = 0;
      for (let bytes = room.bytes.length; bytes === room.bytes.length; ) {
        bytes = read(libc, fd, room.address, room.bytes.length);
        if (bytes > 0) count += bytes / SIGINFO_BYTES;
      }
      return count;
    },
  };
}
