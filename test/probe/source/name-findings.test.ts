// What is found out about names: who inside a folder is in use, by mount and not by name alone.
import { describe, expect, test } from 'vitest';
import type { NameDraft } from '../../../src/probe/model/join/join.ts';
import { type DeviceNumber, deviceNumber } from '../../../src/probe/model/join/mapping-record.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { LeaseBook } from '../../../src/probe/source/lease-book.ts';
import { findAboutNames } from '../../../src/probe/source/name-findings.ts';
import { PidBook } from '../../../src/probe/source/pid-book.ts';

const OURS = deviceNumber(0, 27);
const THEIRS = deviceNumber(0, 99);
const NOBODY_KNOWN = {
  ipcOf: new Map<number, string>(),
  mountOf: new Map<number, string>(),
  refused: [],
  threadsLeft: [],
};

const draft = (
  name: string,
  device: number,
  type: 'file' | 'directory',
  heldBy: readonly number[] = [],
): NameDraft => ({
  id: `${device}${name}`,
  kind: 'posix',
  otherNames: [],
  holds: new Map(heldBy.map((pid) => [pid, { mappings: [], fds: [3] }])),
  entry: {
    device,
    inode: 1,
    name,
    path: `/nowhere${name}`,
    reachedBy: `/nowhere${name}`,
    place: { kind: 'whole', device, rootInode: 1, isShownElsewhere: false },
    type,
    mode: 0o600,
    links: 1,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    allocatedBytes: 0,
    atimeSec: 1,
    mtimeSec: 1,
    ctimeSec: 1,
  },
});

function childrenInUse(...drafts: NameDraft[]): number[] {
  const pids = new PidBook(nodeIo(), '/nowhere', 'captured', undefined, [], NOBODY_KNOWN);
  const leases = new LeaseBook(
    undefined,
    0,
    () => true,
    () => {},
  );
  const seen = { nowSec: 1000, minAgeSec: 60, notInspected: 0, seesAllProcesses: true };
  const rest = {
    userName: () => undefined,
    clock: () => undefined,
    cutDevices: new Set<DeviceNumber>(),
    readMounted: () => ({ answer: () => 'no' as const }),
    reach: { canReach: () => true },
    askListener: () => 'unknown' as const,
    askStoodIn: () => 'no' as const,
  };
  const dossiers = findAboutNames(drafts, { table: [], ...seen, leases, pids, ...rest });
  return drafts.map((_, at) => dossiers.findings(at).childrenInUse);
}

describe('a folder', () => {
  test('counts what is in use inside it, at any depth, and nothing beside it', () => {
    expect(
      childrenInUse(
        draft('/a', OURS, 'directory'),
        draft('/a/b', OURS, 'directory'),
        draft('/a/b/held', OURS, 'file', [10]),
        draft('/a/free', OURS, 'file'),
        draft('/ab', OURS, 'directory'),
        draft('/held', OURS, 'file', [10]),
      ),
    ).toEqual([1, 1, 0, 0, 0, 0]);
  });

  test('does not count what is in use in a folder of the same name in a container', () => {
    expect(
      childrenInUse(
        draft('/a', OURS, 'directory'),
        draft('/a', THEIRS, 'directory'),
        draft('/a/held', THEIRS, 'file', [10]),
      ),
    ).toEqual([0, 1, 0]);
  });
});
