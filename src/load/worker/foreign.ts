// The slots of a ring in the private memory of one of the two workers, which the other reads and writes by process_vm_readv(2) and
// process_vm_writev(2); only the indices are in the segment.
import { errnoName } from '../../native/errno.ts';
import type { Libc } from '../../native/libc.ts';
import { allowTracingBy } from '../../native/prctl.ts';
import { processGroup } from '../../native/process.ts';
import { joinProcessGroup } from '../../native/process-group.ts';
import { bindProcessVm } from '../../native/process-vm.ts';
import { RING } from '../model/ring.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import type { SlotAccess } from './role.ts';
import { isSibling, waitForPid } from './sibling.ts';
import { makeWriter } from './writer.ts';

export interface Foreign {
  /** Is it the memory of this process? */
  readonly isOwner: boolean;
  /** The view of ring n with the slots that are meant. */
  readonly viewOf: (ring: number) => RingView;
  /** Of whoever has them not: how it gets at them. */
  readonly accessOf: (ring: number) => SlotAccess | undefined;
}

const wordsOf = ({ words }: RingView) => new Float64Array(words.buffer, words.byteOffset + RING.foreignMemory, 1);

/** Whose memory it is: of one way only, so that only one of the two ever touches what is the other's. */
export function ownsSlots(transport: string, isProducer: boolean): boolean {
  return (transport === 'vm-readv') === isProducer;
}

/** Makes the memory of all `views` and tells where it is. */
export function ownForeign(libc: Libc, views: readonly RingView[], setup: RingSetup, parentPid: number): Foreign {
  const { slots, strideBytes } = setup;
  const memory = views.map(() => libc.allocate(slots * strideBytes));
  for (const { bytes } of memory) bytes.fill(0); // page faults are not what is measured
  allowTracingBy(libc, parentPid); // and whoever descends from it: the other worker
  joinProcessGroup(libc, 0);
  for (const [ring, view] of views.entries()) {
    wordsOf(view)[0] = memory[ring].address;
    Atomics.store(view.words, wordAt(RING.foreignPid), process.pid);
  }
  return {
    isOwner: true,
    viewOf: (ring) => ({ ...views[ring], slots: memory[ring].bytes }),
    accessOf: () => undefined,
  };
}

/**
 * Finds the memory of the other. Its pid stays its own as long as we are in its process group, even after it died: we never touch the
 * memory of a stranger. Throws where that cannot be made sure of, or the kernel does not let us.
 */
export function reachForeign(libc: Libc, views: readonly RingView[], setup: RingSetup, parentPid: number): Foreign {
  const owner = waitForPid(views[0].words, RING.foreignPid, parentPid);
  if (owner === 0) throw new Error('the other worker did not tell where its memory is');
  const joined = joinProcessGroup(libc, owner);
  if (joined < 0 || processGroup(libc, 0) !== owner || !isSibling(owner, parentPid))
    throw new Error(`cannot make sure of the other worker: ${errnoName(joined)}`);
  const { strideBytes, drain, batch } = setup;
  const read = bindProcessVm(libc, 'process_vm_readv');
  const write = bindProcessVm(libc, 'process_vm_writev');
  const copy = libc.allocate(Math.max(drain, 1) * strideBytes);
  const staging = libc.allocate(Math.max(batch, 1) * strideBytes);
  const must = (copied: number, length: number, name: string) => {
    if (copied !== length) throw new Error(`${name}: ${copied < 0 ? errnoName(copied) : 'cut short'}`);
  };
  const accessOf = (ring: number): SlotAccess => {
    const base = wordsOf(views[ring])[0];
    const compose = makeWriter({ ...views[ring], slots: staging.bytes }, setup, Math.max(batch, 1));
    const send = (address: number, slot: number, length: number) =>
      must(write(owner, address, base + slot * strideBytes, length), length, 'process_vm_writev');
    return {
      copy: copy.bytes,
      take: (slot, count) => {
        const length = count * strideBytes;
        must(read(owner, copy.address, base + slot * strideBytes, length), length, 'process_vm_readv');
      },
      write: (slot, sequence, count) => {
        compose(0, sequence, count);
        send(staging.address, slot, count * strideBytes);
      },
      putBack: (slot) => send(copy.address, slot, strideBytes),
    };
  };
  return { isOwner: false, viewOf: (ring) => views[ring], accessOf };
}
