// `shmtop metrics`: its text, whatever things are called and however many there are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src/cli/metrics/listen-address.ts';
import type { MetricsWorld } from '../../../src/cli/metrics-world.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import type { ShmMount, Snapshot } from '../../../src/probe/model/snapshot.ts';
import { arbitraryObject } from '../arbitrary-object.ts';
import { NOTHING, posix, SERVER, segment } from '../examples.ts';
import { fakeWorld } from '../fake-context.ts';
import { readExposition } from './read-exposition.ts';

async function metrics(words: readonly string[], snapshot: Snapshot = SERVER, more: Partial<MetricsWorld> = {}) {
  const world = fakeWorld(snapshot);
  const ofMetrics: MetricsWorld = {
    sample: () => snapshot,
    semaphores: () => ({ sets: 3, mostSets: 16, semaphores: 5, mostSemaphores: 32_000 }),
    hostMemory: () => ({ totalBytes: 1000, shmemBytes: 10 }),
    replace: () => 'not in this test',
    serve: () => Promise.resolve('not in this test'),
    ...more,
  };
  const exitCode = await runProgram(['metrics', ...words], {
    ...world.context,
    metrics: () => Promise.resolve(ofMetrics),
  });
  return { exitCode, out: world.out(), err: world.err() };
}

const families = async (words: readonly string[], snapshot?: Snapshot) =>
  readExposition((await metrics(words, snapshot)).out);

describe('the text', () => {
  it('counts each object in one verdict and one kind', async () => {
    const read = await families([]);
    const sum = (name: string) => read.get(name)?.samples.reduce((all, { value }) => all + value, 0);
    expect(sum('shmtop_objects')).toBe(SERVER.objects.length);
    expect(sum('shmtop_kind_objects')).toBe(SERVER.objects.length);
    expect(sum('shmtop_memory_bytes')).toBe(sum('shmtop_kind_memory_bytes'));
    expect(read.get('shmtop_objects')?.samples).toContainEqual({
      labels: { verdict: 'abandoned' },
      value: SERVER.objects.filter(({ verdict }) => verdict.state === 'abandoned').length,
    });
    expect(read.get('shmtop_memory_bytes')?.unit).toBe('bytes');
    expect(read.get('shmtop_semaphore_sets_limit')?.samples).toEqual([{ labels: {}, value: 16 }]);
  });

  it('counts those that are not listed, too', async () => {
    const some = { objects: 5, costBytes: 50 };
    const none = { objects: 0, costBytes: 0 };
    const leftOut = {
      ...{ ...some, sizeBytes: 50 },
      byKind: { sysv: none, posix: some, unlinked: none, memfd: none, anonymous: none, file: none },
      byVerdict: { 'in-use': none, abandoned: some, orphaned: none, unheld: none, unknown: none },
    };
    const read = await families([], { ...NOTHING, objects: [posix('/x', 1)], leftOut });
    expect(read.get('shmtop_kind_objects')?.samples).toContainEqual({ labels: { kind: 'posix' }, value: 6 });
    expect(read.get('shmtop_objects')?.samples).toContainEqual({ labels: { verdict: 'abandoned' }, value: 5 });
    expect(read.get('shmtop_unlisted_objects')?.samples).toEqual([{ labels: {}, value: 5 }]);
  });

  it('leaves out what is not known, rather than call it nothing', async () => {
    const read = await families([], { ...NOTHING, gaps: [{ source: 'sysv', reason: 'unsupported', count: 1 }] });
    expect(read.has('shmtop_segments')).toBe(false);
    expect(read.get('shmtop_unseen')?.samples).toEqual([
      { labels: { source: 'sysv', reason: 'unsupported' }, value: 1 },
    ]);
  });

  it('has no more series than a crowd of mounts, namespaces and objects is worth', async () => {
    const objects: ShmObject[] = [];
    const mounts: ShmMount[] = [{ path: '/dev/shm', device: '0:27', sizeBytes: 9, usedBytes: 0 }];
    for (let at = 0; at < 2000; at++) {
      objects.push({ ...segment(at), id: `sysv:${at}:0`, ipcNamespace: String(at) });
      mounts.push({
        path: `/proc/${at}/root/dev/shm`,
        device: `0:${100 + at}`,
        mountNamespace: String(at),
        usedBytes: at,
      });
    }
    const crowd = { ...NOTHING, objects, limits: { ...NOTHING.limits, mounts } };
    const read = await families([], crowd);
    const used = read.get('shmtop_mount_used_bytes')?.samples ?? [];
    expect(used).toHaveLength(21);
    expect(used[0]).toEqual({ labels: { mount: '/dev/shm', device: '0:27' }, value: 0 });
    expect(used.reduce((sum, { value }) => sum + value, 0)).toBe((1999 * 2000) / 2);
    const segments = read.get('shmtop_namespace_segments')?.samples ?? [];
    expect(segments).toHaveLength(21);
    expect(segments.reduce((sum, { value }) => sum + value, 0)).toBe(2000);
    expect(read.has('shmtop_object_memory_bytes')).toBe(false);
    expect((await families(['--objects', '7'], crowd)).get('shmtop_object_memory_bytes')?.samples).toHaveLength(7);
    expect([...read.values()].reduce((sum, { samples }) => sum + samples.length, 0)).toBeLessThan(250);
  });

  it('is whole, with each series once, whatever things are called', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryObject, { maxLength: 8 }),
        fc.string({ unit: 'binary' }),
        async (objects, path) => {
          const limits = {
            ...NOTHING.limits,
            mounts: [
              { path, device: '0:27', usedBytes: 1 },
              { path, device: '0:27', usedBytes: 2 },
            ],
          };
          const read = await families(['--objects', '5'], { ...NOTHING, objects, limits });
          expect(read.get('shmtop_object_holders')?.samples.length ?? 0).toBeLessThanOrEqual(5);
          expect(read.get('shmtop_mount_used_bytes')?.samples).toHaveLength(1);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('where it goes', () => {
  it('into a file, or in words why not', async () => {
    const written: string[][] = [];
    const replace = (path: string, text: string) => {
      written.push([path, text.slice(-6)]);
      return undefined;
    };
    expect(await metrics(['--output', 'x.prom'], SERVER, { replace })).toEqual({ exitCode: 0, out: '', err: '' });
    expect(written).toEqual([['x.prom', '# EOF\n']]);
    expect(await metrics(['--output', 'x.prom'])).toMatchObject({ exitCode: 1, err: 'shmtop: not in this test\n' });
  });

  it('to whoever asks at an address of this machine alone, unless another is written out', () => {
    const loopback = { host: '127.0.0.1', port: 9779, isLoopback: true };
    for (const text of ['', '9779', ':9779', 'localhost:9779', '127.0.0.1:9779'])
      expect(parseAddress(text)).toEqual(loopback);
    expect(parseAddress('[::1]:80')).toEqual({ host: '::1', port: 80, isLoopback: true });
    expect(parseAddress('0.0.0.0:9779')).toMatchObject({ isLoopback: false });
    expect(parseAddress('[::]:9779')).toMatchObject({ isLoopback: false });
    for (const text of [
      'example.org:9779',
      '::1:9779',
      '127.0.0.1',
      '1.2.3:4',
      '127.0.0.1:99999',
      '/run/x',
      '*:9779',
      'http://x',
    ])
      expect([text, parseAddress(text)]).toEqual([text, undefined]);
  });

  it.each([
    [['--listen', 'example.org:9779'], '--listen takes an address'],
    [['--listen', '9779', '--output', 'x'], 'exclude each other'],
    [['--objects', '0'], '--objects takes a number from 1 to 1000'],
    [['--objects', '1001'], '--objects takes a number from 1 to 1000'],
  ])('%j is refused', async (words, message) => {
    expect(await metrics(words)).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(message) });
  });
});
