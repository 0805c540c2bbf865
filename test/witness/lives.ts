// Lives and watches for tests: whole ones, to be changed in one point.
import type { Actor, Life, Watch } from '../../src/probe/model/life/life.ts';

export const BOOT = '11111111-2222-3333-4444-555555555555';
export const NOW_MS = 1_764_340_000_000;

export const actor = (pid: number, more: Partial<Actor> = {}): Actor => ({
  pid,
  startTicks: 1000 + pid,
  uid: 1000,
  comm: 'python3',
  session: pid,
  parent: { pid: 1, startTicks: 1, comm: 'systemd' },
  ended: { atMs: NOW_MS - 600_000, signal: 9 },
  ...more,
});

export const life = (inode: number, more: Partial<Life> = {}): Life => ({
  identity: `file 0:27 ${inode} ${NOW_MS - 3_600_000}000000`,
  id: `posix:0:27:${inode}`,
  kind: 'posix',
  rawName: `/name${inode}`,
  uid: 1000,
  bornMs: NOW_MS - 3_600_000,
  actors: [actor(100)],
  isMakerKnown: true,
  actorsLeftOut: 0,
  deeds: [{ atMs: NOW_MS - 3_600_000, what: 'made', by: 0 }],
  deedsLeftOut: 0,
  ...more,
});

export const watch = (more: Partial<Watch> = {}): Watch => ({
  bootId: BOOT,
  sinceMs: NOW_MS - 7_200_000,
  seenMs: NOW_MS,
  isRunning: true,
  pid: 50,
  sources: [{ name: 'fanotify', isActive: true, text: 'names in /dev/shm' }],
  gaps: [],
  ...more,
});
