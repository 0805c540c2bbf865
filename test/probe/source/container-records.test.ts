// Names of containers from what docker wrote down: read once, within limits, and only where nobody else can have written it.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerRecords } from '../../../src/probe/source/container-records.ts';

const missing = process.getuid?.() === 0 ? undefined : 'only root gives files away';
const id = (start: string) => start.padEnd(64, '0');
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shmtop-records-'));
  folder = join(root, 'var/lib/docker/containers');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(whole: string, content: unknown): string {
  mkdirSync(join(folder, whole), { recursive: true });
  const path = join(folder, whole, 'config.v2.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const nameOf = (start: string, records = new ContainerRecords({ root })) =>
  records.nameContainer({ id: id(start).slice(0, 12), runtime: 'docker' }).name;

describe('the record of a container', () => {
  it('tells its name', () => {
    record(id('abc'), { Name: '/shop-web-1', ID: id('abc') });
    record(id('def'), { Name: '/db' });
    expect([nameOf('abc'), nameOf('def'), nameOf('123')]).toEqual(['shop-web-1', 'db', undefined]);
  });

  it('is read once', () => {
    const path = record(id('abc'), { Name: '/web' });
    const records = new ContainerRecords({ root });
    expect(nameOf('abc', records)).toBe('web');
    rmSync(path);
    expect(nameOf('abc', records)).toBe('web');
  });

  it.each([
    ['{'],
    ['null'],
    ['[]'],
    [{}],
    [{ Name: 7 }],
    [{ Name: '/\u001b[31m' }],
    [{ Name: '/web', Config: { Labels: { long: 'x'.repeat(300_000) } } }],
  ])('tells nothing where it is none', (content) => {
    record(id('abc'), content);
    expect(nameOf('abc')).toBeUndefined();
  });

  it('tells nothing where two containers begin alike, or there is no docker', () => {
    record(id('abc'), { Name: '/web' });
    record(`${id('abc').slice(0, 63)}1`, { Name: '/other' });
    expect(nameOf('abc')).toBeUndefined();
    expect(nameOf('abc', new ContainerRecords({ root: join(root, 'nothing') }))).toBeUndefined();
  });

  it('is not waited for beyond a limit: who has thousands of containers has names for some', () => {
    const all = Array.from({ length: 3000 }, (_, at) => id(at.toString(16).padStart(12, 'a')));
    for (const whole of all) record(whole, { Name: `/c${whole.slice(0, 12)}`, Labels: 'x'.repeat(10_000) });
    const records = new ContainerRecords({ root });
    const startedMs = performance.now();
    const named = all.filter((whole) => nameOf(whole.slice(0, 12), records) !== undefined);
    expect(named.length).toBeGreaterThan(20);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it.skipIf(missing)(
    `is believed only where root alone can have written it${missing ? ` (skipped: ${missing})` : ''}`,
    () => {
      const path = record(id('abc'), { Name: '/web' });
      const place = join(folder, id('abc'));
      expect(nameOf('abc')).toBe('web');
      chownSync(path, 65534, 65534);
      expect(nameOf('abc')).toBeUndefined();
      chownSync(path, 0, 0);
      chmodSync(path, 0o666);
      expect(nameOf('abc')).toBeUndefined();
      chmodSync(path, 0o600);
      chmodSync(place, 0o777);
      chownSync(place, 65534, 65534);
      expect(nameOf('abc')).toBeUndefined();
      chownSync(place, 0, 0);
      chmodSync(place, 0o755);
      expect(nameOf('abc')).toBe('web');
      renameSync(place, join(folder, 'moved'));
      mkdirSync(place, 0o777);
      chmodSync(place, 0o777);
      symlinkSync(join(folder, 'moved', 'config.v2.json'), join(place, 'config.v2.json'));
      expect(nameOf('abc')).toBeUndefined();
    },
  );
});

/** Written after the sources of the engines (see parse/container-record.ts), at the places where they keep them. */
describe('the records of other engines', () => {
  const write = (path: string, content: unknown) => {
    const whole = join(root, path);
    mkdirSync(join(whole, '..'), { recursive: true });
    writeFileSync(whole, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const named = (runtime: string, start: string, podUid?: string) => {
    const container = { id: id(start).slice(0, 12), runtime, ...(podUid === undefined ? {} : { podUid }) };
    const {
      id: _id,
      runtime: _runtime,
      podUid: _pod,
      ...facts
    } = new ContainerRecords({ root }).nameContainer(container);
    return facts;
  };
  const POD_UID = '8d6ae2f5-1fd5-4b1c-9e0e-4a6e5f6b7c8d';

  it('docker: image, project of compose, pod of cri-dockerd', () => {
    const labels = {
      'com.docker.compose.project': 'shop',
      'io.kubernetes.pod.name': 'web-0',
      'io.kubernetes.pod.namespace': 'prod',
    };
    record(id('abc'), { Name: '/web', Config: { Image: 'nginx:1.27', Labels: labels } });
    expect(named('docker', 'abc')).toEqual({
      name: 'web',
      image: 'nginx:1.27',
      compose: 'shop',
      pod: 'web-0',
      podNamespace: 'prod',
    });
  });

  it('podman and CRI-O share a list', () => {
    const metadata = (fields: Record<string, string>) => JSON.stringify(fields);
    write('var/lib/containers/storage/overlay-containers/containers.json', [
      {
        id: id('abc'),
        names: ['web'],
        metadata: metadata({ 'image-name': 'docker.io/library/nginx:latest', name: 'web' }),
      },
      {
        id: id('def'),
        names: ['k8s_app_web-0_prod_x_0'],
        metadata: metadata({
          'pod-name': 'k8s_web-0_prod_8d6ae2f5_0',
          'image-name': 'quay.io/app@sha256:00',
          'metadata-name': 'app',
          namespace: 'prod',
          uid: POD_UID,
        }),
      },
      { id: 7 },
      null,
    ]);
    expect(named('podman', 'abc')).toEqual({ name: 'web', image: 'docker.io/library/nginx:latest' });
    expect(named('crio', 'def', POD_UID)).toMatchObject({ name: 'app', pod: 'web-0', podNamespace: 'prod' });
    expect(named('podman', '123')).toEqual({});
  });

  it('containerd: its CRI and nerdctl, by the bundle of the task', () => {
    const task = 'run/containerd/io.containerd.runtime.v2.task';
    write(`${task}/k8s.io/${id('abc')}/config.json`, {
      annotations: {
        'io.kubernetes.cri.container-name': 'app',
        'io.kubernetes.cri.sandbox-name': 'web-0',
        'io.kubernetes.cri.sandbox-namespace': 'prod',
        'io.kubernetes.cri.image-name': 'registry.k8s.io/app:v1',
      },
    });
    write(`${task}/default/${id('def')}/config.json`, { annotations: { 'nerdctl/name': 'web-1' } });
    const app = { name: 'app', pod: 'web-0', podNamespace: 'prod', image: 'registry.k8s.io/app:v1' };
    expect(named('containerd', 'abc', POD_UID)).toEqual(app);
    expect(named('kubernetes', 'abc', POD_UID)).toEqual(app);
    expect(named('nerdctl', 'def')).toEqual({ name: 'web-1' });
  });

  it('kubelet names pods and containers by its logs, whatever runs them', () => {
    write(`var/log/pods/prod_web-0_${POD_UID}/app/0.log`, '');
    write(`var/log/containers/web-0_prod_app-${id('abc')}.log`, '');
    expect(named('kubernetes', 'abc', POD_UID)).toEqual({ name: 'app', pod: 'web-0', podNamespace: 'prod' });
    expect(named('kubernetes', 'def', POD_UID)).toEqual({ pod: 'web-0', podNamespace: 'prod' });
  });

  it.each([['\u001b[31mred'], ['two words'], ['x'.repeat(600)], [7], [['web']]])(
    '%j is no name of anything',
    (wrong) => {
      record(id('abc'), { Name: wrong, Config: { Image: wrong, Labels: { 'com.docker.compose.project': wrong } } });
      expect(named('docker', 'abc')).toEqual({});
    },
  );
});
