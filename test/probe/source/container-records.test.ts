// Names of containers from what docker wrote down: read once, within limits, and only where nobody else can have written it.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerRecords } from '../../../src/probe/source/container-records.ts';

const missing = process.getuid?.() === 0 ? undefined : 'only root gives files away';
const id = (start: string) => start.padEnd(64, '0');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function record(whole: string, content: unknown): string {
  mkdirSync(join(folder, whole), { recursive: true });
  const path = join(folder, whole, 'config.v2.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const nameOf = (start: string, records = new ContainerRecords(folder)) =>
  records.nameContainer({ id: id(start).slice(0, 12), runtime: 'docker' }).name;

describe('the record of a container', () => {
  it('tells its name', () => {
    record(id('abc'), { Name: '/shop-web-1', ID: id('abc') });
    record(id('def'), { Name: '/db' });
    expect([nameOf('abc'), nameOf('def'), nameOf('123')]).toEqual(['shop-web-1', 'db', undefined]);
  });

  it('is read once', () => {
    const path = record(id('abc'), { Name: '/web' });
    const records = new ContainerRecords(folder);
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
    expect(nameOf('abc', new ContainerRecords(join(folder, 'nothing')))).toBeUndefined();
  });

  it('is not waited for beyond a limit: who has thousands of containers has names for some', () => {
    const all = Array.from({ length: 3000 }, (_, at) => id(at.toString(16).padStart(12, 'a')));
    for (const whole of all) record(whole, { Name: `/c${whole.slice(0, 12)}`, Labels: 'x'.repeat(10_000) });
    const records = new ContainerRecords(folder);
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
