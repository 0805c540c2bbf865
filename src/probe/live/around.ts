// Small looks at the present state of the machine that the merging of events asks for: each some microseconds.

import { SHMID_DS } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { Machine } from '../look/machine.ts';
import type { Surroundings } from '../model/event/observation.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { readText } from '../source/io.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { isStat, readPidStat } from '../source/pid-stat.ts';
import { MOST_STAT_BYTES } from '../territory/patience/caps.ts';
import { readSegment } from './sweep.ts';

/** `privateDevices`: mounts of POSIX objects, whose private mappings hold them too. */
export function openSurroundings(
  { io, procRoot, reader }: Machine,
  libc: Libc,
  ipcNamespace: string,
  privateDevices: ReadonlySet<DeviceNumber>,
): Surroundings {
  const scratch = libc.allocate(SHMID_DS.size);
  const nothingPrivate = new Set<DeviceNumber>();
  return {
    segment: (shmid) => readSegment(libc, scratch, shmid, ipcNamespace),
    ipcNamespace: (pid) => readNamespace(io, procRoot, pid, 'ipc'),
    comm: (pid) => {
      const text = readText(io, `${procRoot}/${pid}/comm`, MOST_STAT_BYTES);
      return typeof text === 'number' ? undefined : text.replace(/\n$/, '');
    },
    ranges: (pid, { kind, device, inode }) => {
      const wanted = privateDevices.has(device) ? privateDevices : nothingPrivate;
      const records = reader.mappings(pid, wanted);
      return records?.filter(
        (record) =>
          record.inode === inode && record.device === device && (kind === 'sysv') === record.name.startsWith('/SYSV'),
      );
    },
    sharesMemory: (pid, other) => {
      const result = reader.compareMemory(pid, other);
      return result < 0 ? undefined : result === 0;
    },
    livesOn: (pid, tid) => {
      const stat = readPidStat(io, procRoot, pid);
      if (!isStat(stat)) return stat === 'unreadable';
      // The kernel tells of an exit before it makes a zombie of the thread; a dead main thread is counted until the end.
      if (tid === pid) return stat.threads > 1;
      return (stat.state !== 'Z' && stat.state !== 'X') || stat.threads > 2;
    },
    isAlive: (pid) => {
      const stat = readPidStat(io, procRoot, pid);
      if (!isStat(stat)) return stat === 'unreadable';
      return (stat.state !== 'Z' && stat.state !== 'X') || stat.threads > 1;
    },
  };
}
