// Leaves out the descriptors that another shmtop has open for some microseconds, to ask the kernel about a file or to read it.
import type { FdRecord } from '../model/join/mapping-record.ts';
import type { Io } from './io.ts';
import type { OwnTools } from './own-tools.ts';

const PAUSE_MS = 1;

/**
 * Without those of announced shmtops that are closed again after a moment; what they keep open they hold, as anybody does.
 * Costs nothing where none has a descriptor of shared memory, and a millisecond where one has.
 */
export function withoutPassing(fds: FdRecord[], tools: OwnTools, io: Io, procRoot: string): FdRecord[] {
  tools.refresh();
  const isTheirs = ({ pid }: FdRecord) => tools.mayBeOurs(pid);
  if (!fds.some(isTheirs)) return fds;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  return fds.filter((record) => {
    if (!isTheirs(record) || !tools.isOurs(record.pid)) return true;
    const now = io.stat(`${procRoot}/${record.pid}/fd/${record.fd}`, 'follow');
    return typeof now !== 'number' && now.inode === record.inode && now.device === record.device;
  });
}
