// Who may have named a control group: the owners of the folders above it, in both versions of the hierarchy, of hundreds of containers.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNKNOWN_USER } from '../../../src/probe/model/object.ts';
import { CgroupNames } from '../../../src/probe/source/cgroup-names.ts';
import { CgroupPlaces } from '../../../src/probe/source/cgroup-places.ts';
import type { FileStat, Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { CGROUP_FORMS } from '../parse/cgroup-forms.ts';

const missing = process.getuid?.() === 0 ? undefined : 'only root gives folders away';
const HIS = '/user.slice/user-65534.slice/user@65534.service';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shmtop-cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const make = (path: string) => mkdirSync(join(root, path), { recursive: true });
const namesNow = () => new CgroupNames(nodeIo(), { root });

describe.skipIf(missing)(`who named a control group${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('is root where all folders above are', () => {
    make('/system.slice/docker-x.scope');
    chownSync(join(root, '/system.slice/docker-x.scope'), 65534, 65534); // given away as a whole, as to a container without privileges
    expect(namesNow().namedBy('', '/system.slice/docker-x.scope')).toBe(0);
    expect(namesNow().namedBy('', '/system.slice/docker-x.scope/docker-y.scope')).toBe(65534);
  });

  it('is the user whom a folder above was given, also where he made one that looks like root', () => {
    make(`${HIS}/app.slice/docker-x.scope`);
    chownSync(join(root, HIS), 65534, 65534);
    expect(namesNow().namedBy('', HIS)).toBe(0);
    expect(namesNow().namedBy('', `${HIS}/app.slice`)).toBe(65534);
    expect(namesNow().namedBy('', `${HIS}/app.slice/docker-x.scope`)).toBe(65534);
  });

  it.each([
    ['version 1', 'memory', '/memory'],
    ['the one of systemd', 'name=systemd', '/systemd'],
    ['several controllers', 'cpu,cpuacct', '/cpu,cpuacct'],
    ['version 2 beside version 1', '', '/unified'],
  ])('is found in %s', (_, hierarchy, top) => {
    make(`${top}/lxc/web`);
    expect(namesNow().namedBy(hierarchy, '/lxc/web')).toBe(0);
    chownSync(join(root, top, 'lxc'), 65534, 65534);
    expect(namesNow().namedBy(hierarchy, '/lxc/web')).toBe(65534);
  });

  it('cannot be told where there is nothing, or where others may write', () => {
    make('/system.slice/docker-x.scope');
    expect(namesNow().namedBy('', '/elsewhere/docker-x.scope')).toBe(UNKNOWN_USER);
    expect(namesNow().namedBy('', `/system.slice${'/x'.repeat(100)}`)).toBe(UNKNOWN_USER);
    chmodSync(join(root, 'system.slice'), 0o777);
    expect(namesNow().namedBy('', '/system.slice/docker-x.scope')).toBe(UNKNOWN_USER);
  });

  it('is asked again after a while', () => {
    make('/system.slice/docker-x.scope');
    let nowMs = 0;
    const names = new CgroupNames(nodeIo(), { root, nowMs: () => nowMs });
    expect(names.namedBy('', '/system.slice/docker-x.scope')).toBe(0);
    chownSync(join(root, 'system.slice'), 65534, 65534);
    nowMs = 60_000;
    expect(names.namedBy('', '/system.slice/docker-x.scope')).toBe(65534);
  });
});

const MANY = 500;
const STAT: FileStat = {
  ...{ device: 1, inode: 1, mode: 0, links: 1, uid: 0, gid: 0 },
  ...{ sizeBytes: 0, allocatedBytes: 0, atimeSec: 0, mtimeSec: 0, ctimeSec: 0 },
};
const ROOTS = { mode: 0o040755, uid: 0, gid: 0 };

describe(`${MANY} containers`, () => {
  it.each(CGROUP_FORMS)('are each their own, and read once ($runtime, $form)', ({ text, runtime }) => {
    const texts = new Map<string, string>();
    const folders = new Set<string>();
    for (let at = 0; at < MANY; at++) {
      const content = text(at, at.toString(16).padStart(12, '0').padEnd(64, '0'));
      texts.set(`/proc/${at + 1}/cgroup`, content);
      const path = /:(\/[^\n]+)\n/.exec(content)?.[1] ?? '';
      const tops = content.startsWith('0::') ? [''] : ['/memory', '/pids', '/systemd'];
      for (const top of tops)
        for (let to = path.length; to > 0; to = path.lastIndexOf('/', to - 1))
          folders.add(`/groups${top}${path.slice(0, to)}`);
      for (const top of tops) folders.add(`/groups${top}`);
    }
    let asked = 0;
    const refuse = () => -2;
    const io: Io = {
      ...{ readLines: refuse, readDir: refuse, readPids: refuse, readLink: refuse },
      readFile: (path) => {
        asked++;
        return Buffer.from(texts.get(path) ?? '');
      },
      stat: (path) => {
        asked++;
        return folders.has(path) ? { ...STAT, ...ROOTS } : -2;
      },
    };
    const places = new CgroupPlaces(io, '/proc', 'own', { names: new CgroupNames(io, { root: '/groups' }) });
    const notes = Array.from({ length: MANY }, () => ({}));
    const found = notes.map((note, at) => places.placeOf(at + 1, note, true).container);
    expect(new Set(found.map((container) => container?.id)).size).toBe(MANY);
    expect(found.filter((container) => container?.runtime !== runtime || container.uid !== undefined)).toEqual([]);
    // Whoever may be in a container is read again, since others can move him; all others, and the folders, are not.
    const before = asked;
    for (const [at, note] of notes.entries()) places.placeOf(at + 1, note, false);
    expect(asked).toBe(before);
    for (const [at, note] of notes.entries()) places.placeOf(at + 1, note, true);
    expect(asked).toBe(before + MANY);
  });
});
