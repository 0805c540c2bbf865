// A control group of the machine that nobody else uses, with what a runtime and what a user call theirs in it: whose container it is.
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { labMissing } from '../support/lab.ts';

const TOP = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((path) => existsSync(join(path, 'cgroup.procs')));
const missing = labMissing() ?? (TOP === undefined ? 'no control groups of version 2 to be made' : undefined);
const ID = 'abc123'.padEnd(64, '7');
const folders: string[] = [];
const holders: ChildProcess[] = [];
let folder: string;

function group(path: string): string {
  mkdirSync(path);
  folders.push(path);
  return path;
}

/** A process with mounts of its own, as a container has, that maps nothing and has one file open. */
function hold(name: string, groupPath: string): void {
  const file = `/dev/shm/${name}`;
  const holder = spawn('unshare', ['-m', 'sh', '-c', `exec 3<>${file}; echo $$; exec sleep 600`], { stdio: 'ignore' });
  holders.push(holder);
  if (holder.pid !== undefined) writeFileSync(join(groupPath, 'cgroup.procs'), String(holder.pid));
}

describe.skipIf(missing)(`control groups${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const marks = { roots: `shmtop-test-roots-${process.pid}`, his: `shmtop-test-his-${process.pid}` };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-test-'));
    const ours = group(join(TOP ?? '', `shmtop-test-${process.pid}`));
    hold(marks.roots, group(join(ours, `docker-${ID}.scope`)));
    const delegated = group(join(ours, 'user@65534.service'));
    chownSync(delegated, 65534, 65534);
    const his = group(join(delegated, `docker-${ID}.scope`));
    chownSync(his, 65534, 65534);
    hold(marks.his, his);
  });
  afterAll(async () => {
    for (const holder of holders) holder.kill('SIGKILL');
    await vi.waitFor(() => {
      while (folders.length > 0) {
        rmdirSync(folders.at(-1) ?? '');
        folders.pop();
      }
    }, 10_000);
    for (const name of Object.values(marks)) rmSync(`/dev/shm/${name}`, { force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('of one name are two containers, the one of root and the one of a user', async () => {
    const sampler = new Sampler({ units: true });
    const found = await vi.waitFor(() => {
      const { objects } = sampler.sample();
      const of = (name: string) => objects.find(({ rawName }) => rawName === `/${name}`);
      const [roots, his] = [of(marks.roots), of(marks.his)];
      expect(roots?.container).toBeDefined();
      expect(his?.container).toBeDefined();
      return { roots, his };
    }, 10_000);
    expect(found.roots?.container).toEqual({ id: 'abc123777777', runtime: 'docker' });
    expect(found.his?.container).toEqual({ id: 'abc123777777', runtime: 'docker', uid: 65534 });
    expect(found.his?.holders[0]?.unit).toBe('user@65534.service');
  });
});
