// Whether somebody lives in the container of a maker: in its pod too, and not known where a group could not be read.
import { expect, it } from 'vitest';
import { ENAMETOOLONG, ENOENT } from '../../../src/native/errno.ts';
import type { Container } from '../../../src/probe/model/object.ts';
import type { PidStat } from '../../../src/probe/parse/pid-stat.ts';
import type { Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { presentMachine } from '../../../src/probe/source/present-machine.ts';
import { freshNotes } from '../../../src/probe/source/process-notes.ts';

const ID = 'a1'.repeat(6);
const POD = '0a1b2c3d-0000-4000-8000-00000000abcd';
const STAT: PidStat = {
  ...{
    comm: 'x',
    state: 'S',
    ppid: 1,
    session: 0,
    startTicks: 5,
    threads: 1,
    isKernelThread: false,
    hasTerminal: false,
  },
} as const;

/** What is said of a container on a machine whose processes have these groups; a number: -errno. */
function containerNow(groups: readonly (string | number)[], container: Container) {
  const io: Io = {
    ...nodeIo(),
    // Ours is the machine's root.
    stat: () => nodeIo().stat('/', 'follow'),
    readDir: (path) => (path === '/var/lib/docker/containers' ? [] : -ENOENT),
    readFile: (path) => {
      const [, pid] = /^\/proc\/(\d+)\/cgroup$/.exec(path) ?? [];
      const group = groups[Number(pid) - 10] ?? -ENOENT;
      return typeof group === 'number' ? group : Buffer.from(`0::${group}\n`);
    },
  };
  const pids = groups.map((_, at) => 10 + at);
  const book = { answer: () => STAT, seesAllProcesses: () => true };
  return presentMachine({ io, procRoot: '/proc', pids, book, notesOf: freshNotes() }).container(container);
}

const docker = { id: ID, runtime: 'docker' };
const other = '/system.slice/other.service';

it('lives while somebody is in its group, or in another container of its pod', () => {
  expect(containerNow([other, `/system.slice/docker-${ID.padEnd(64, '0')}.scope`], docker)).toMatchObject({ pid: 11 });
  const ofPod = { id: ID, runtime: 'containerd', podUid: POD };
  const pause = `/kubepods.slice/kubepods-pod${POD.replaceAll('-', '_')}.slice/cri-containerd-${'b'.repeat(64)}.scope`;
  expect(containerNow([other, pause], ofPod)).toMatchObject({ pid: 11 });
  expect(containerNow([other, `/kubepods/pod${POD}/${'b'.repeat(64)}`], ofPod)).toMatchObject({ pid: 11 });
});

it('is gone where everybody could be asked and none is in it', () => {
  expect(containerNow([other], docker)).toBe('gone');
});

it('is not known to be empty while the group of anybody who lives could not be read', () => {
  expect(containerNow([other, -ENAMETOOLONG], docker)).toBe('unknown');
  expect(containerNow([-ENAMETOOLONG, `/docker/${ID.padEnd(64, '0')}`], docker)).toMatchObject({ pid: 11 });
});
