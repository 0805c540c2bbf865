// Lives as a witness writes them, for tests of how they are told.
import type { Actor, Deed, Life, Watch } from '../../src/probe/model/life/life.ts';

/** A day at noon in local time, so that all of it is of one day wherever the test runs. */
export const NOON_MS = new Date(2026, 0, 31, 12, 0).getTime();
export const minute = (minutes: number) => NOON_MS + minutes * 60_000;

export const KILLED: Actor = {
  pid: 1234,
  startTicks: 77,
  uid: 1000,
  comm: 'python3',
  unit: '/system.slice/train.service',
  ended: { atMs: minute(3), signal: 9 },
};
export const REMOVER: Actor = { pid: 411, uid: 0, comm: 'systemd-logind' };
const user = (pid: number, ended = true): Actor => ({
  pid,
  comm: 'worker',
  ...(ended && { ended: { atMs: minute(4), exitCode: 0 } }),
});
export const deed = (minutes: number, what: Deed['what'], by?: number, more: Partial<Deed> = {}): Deed => ({
  atMs: minute(minutes),
  what,
  by,
  ...more,
});

/** Made and killed, opened by three who ended, removed by logind. */
export const REMOVED: Life = {
  identity: 'file 0:27 12 1769857200000000000',
  id: 'posix:0:27:12',
  kind: 'posix',
  rawName: '/psm_6a16b91e',
  sizeBytes: 4096,
  uid: 1000,
  bornMs: minute(1),
  isMakerKnown: true,
  actors: [KILLED, user(1), user(2), user(3), REMOVER],
  actorsLeftOut: 0,
  deeds: [deed(1, 'made', 0), deed(2, 'opened', 1), deed(2, 'opened', 2), deed(2, 'opened', 3), deed(9, 'removed', 4)],
  deedsLeftOut: 0,
  goneMs: minute(9),
};
/** A segment that is there, made by somebody who was not told. */
export const SEGMENT: Life = {
  ...REMOVED,
  identity: 'sysv 4026531839 5 1769857200 10 0x5301',
  id: 'sysv:4026531839:5',
  kind: 'sysv',
  rawName: '0x00005301',
  actors: [user(7, false)],
  isMakerKnown: false,
  deeds: [deed(1, 'made'), deed(5, 'attached', 0), deed(6, 'resized', 0, { sizeBytes: 8192 })],
  goneMs: undefined,
};
/** Whoever made it chose names that go on like our own sentences, and bytes that command a terminal. */
export const HOSTILE: Life = {
  ...REMOVED,
  id: 'posix:0:27:666',
  rawName: '/\x1b[31mred\n',
  actors: [
    { pid: 66, comm: 'x[1]; removed by', unit: '/a/root[1] 12:00; made by "b"\x1b]52;c;eA==\x07', uid: 65534 },
    { pid: 67, comm: '\xe2\x80\xae', container: { id: '\x1b[2J', name: 'w\x1b[2J', runtime: 'docker' } },
  ],
  deeds: [deed(7, 'made', 0), deed(8, 'renamed', 1, { rawName: '/\x1b[2Jnew' })],
  goneMs: undefined,
};
export const WATCH: Watch = {
  bootId: '00000000-0000-4000-8000-000000000000',
  sinceMs: minute(0),
  seenMs: minute(10),
  isRunning: true,
  pid: 99,
  sources: [{ name: 'fanotify', isActive: true, text: 'who makes, opens and removes' }],
  gaps: [],
};
