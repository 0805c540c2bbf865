// Whether a container in which nothing runs is gone for good: only by records of an engine that keeps them where we look.
import { describe, expect, it } from 'vitest';
import { ENOENT } from '../../../src/native/errno.ts';
import type { Container } from '../../../src/probe/model/object.ts';
import type { Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { containerAtRest } from '../../../src/probe/source/place-at-rest.ts';

const ID = '0123456789ab';
const RECORD = ID.padEnd(64, 'c');
const DOCKER = '/var/lib/docker/containers';
const CRI = 'io.containerd.grpc.v1.cri/containers';

/** A machine with these folders and files, and nothing else. */
const machine = (
  folders: Readonly<Record<string, readonly string[]>>,
  files: Readonly<Record<string, string>> = {},
): Io => ({
  ...nodeIo(),
  readDir: (path) => (folders[path] ? [...folders[path]] : -ENOENT),
  readFile: (path) => (files[path] === undefined ? -ENOENT : Buffer.from(files[path])),
});
const restOf = (io: Io, runtime: string, more: Partial<Container> = {}) =>
  containerAtRest(io, { id: ID, runtime, ...more });

describe('a container in which nothing runs', () => {
  it('rests while there is a record of it, and is gone without where the engine keeps its records', () => {
    expect(restOf(machine({ [DOCKER]: [RECORD] }), 'docker')).toBe('resting');
    expect(restOf(machine({ [DOCKER]: [] }), 'docker')).toBe('gone');
    expect(restOf(machine({ [`/var/lib/containerd/${CRI}`]: [] }), 'containerd')).toBe('gone');
  });

  it.each(['docker', 'containerd', 'crio', 'podman', 'kubernetes'])(
    'of %s is not gone where no records are',
    (runtime) => {
      expect(restOf(machine({}), runtime)).toBe('unknown');
    },
  );

  it('of a docker that keeps its state elsewhere is not gone, whatever an earlier one left at the usual place', () => {
    const io = (text: string) => machine({ [DOCKER]: ['f'.repeat(64)] }, { '/etc/docker/daemon.json': text });
    expect(restOf(io('{"data-root": "/data/docker"}'), 'docker')).toBe('unknown');
    expect(restOf(io('{ "graph":"/data/docker"}'), 'docker')).toBe('unknown');
    expect(restOf(io('{"log-level": "warn"}'), 'docker')).toBe('gone');
  });

  it.each([
    '/var/lib/rancher/k3s/agent/containerd',
    '/var/lib/rancher/rke2/agent/containerd',
    '/var/lib/k0s/containerd',
  ])('is known by the records in %s', (state) => {
    const folders = { [DOCKER]: [], [`${state}/${CRI}`]: [RECORD] };
    for (const runtime of ['containerd', 'kubernetes']) expect(restOf(machine(folders), runtime)).toBe('resting');
  });

  it('of a user, or inside another one, is never gone out here', () => {
    const io = machine({ [DOCKER]: [] });
    expect(restOf(io, 'docker', { uid: 1000 })).toBe('unknown');
    expect(restOf(io, 'docker', { within: 'outer' })).toBe('unknown');
  });
});
