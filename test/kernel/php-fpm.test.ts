// php-fpm whose workers are recycled: a site's segment, attached for moments only, by processes that are all gone. Never a leak while php-fpm lives.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { findProgram } from '../support/lab-host.ts';
import type { LsObject } from '../support/lab-json.ts';

const client = fileURLToPath(new URL('situations/fastcgi.py', import.meta.url));
const python = findProgram('python3', ['/usr/bin']);
const fpm = ['8.2', '8.3', '8.4'].map((version) => `/usr/sbin/php-fpm${version}`).find((path) => existsSync(path));
const missing =
  labMissing() ?? containerReason() ?? (fpm && python ? undefined : 'no php-fpm, or no /usr/bin/python3 to ask it');

const COUNTER = `<?php $h = shm_attach(ftok(__FILE__, 'w'));
$n = shm_has_var($h, 1) ? shm_get_var($h, 1) : 0; shm_put_var($h, 1, $n + 1); echo $n + 1;`;

describe.skipIf(missing)(labTitle('a site of php-fpm', missing), () => {
  let lab: Lab;
  let master = 0;
  const request = async () =>
    (await lab.run([python ?? '', client, `${lab.scratch}/fpm.sock`, `${lab.scratch}/counter.php`])).stdout.trim();
  const segments = async (): Promise<readonly LsObject[]> => {
    const ls = await lab.ls(['--min-age', '0']);
    return ls.objects.filter(({ kind, ipcNamespace }) => kind === 'sysv' && ipcNamespace === ls.host.ipcNamespace);
  };

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const config = ['[global]', `error_log=${lab.scratch}/fpm.log`, 'daemonize=no', '[www]', 'user=www-data'];
    config.push(`listen=${lab.scratch}/fpm.sock`, 'pm=static', 'pm.max_children=1', 'pm.max_requests=1');
    const write = `printf '%s' "$1" > ${lab.scratch}/counter.php; printf '%s' "$2" > ${lab.scratch}/fpm.conf`;
    await lab.run(['sh', '-c', write, 'write', COUNTER, config.join('\n')]);
    const child = lab.start([
      'sh',
      '-c',
      'echo $$; exec "$@"',
      'fpm',
      fpm ?? '',
      '-y',
      `${lab.scratch}/fpm.conf`,
      '-F',
    ]);
    for await (const line of child.stdout) {
      master = Number(String(line).trim());
      break;
    }
    await lab.run(['sh', '-c', `while [ ! -S ${lab.scratch}/fpm.sock ]; do sleep 0.05; done`]);
    for (const hits of ['1', '2', '3']) expect(await request()).toBe(hits);
    await new Promise((resolve) => setTimeout(resolve, 300)); // the last worker is recycled
  });
  afterAll(() => lab?.close());

  test('its counter is not abandoned between two requests, though creator and last user are gone', async () => {
    const [segment, ...others] = await segments();
    expect(others).toEqual([]);
    expect(segment).toMatchObject({ nattch: 0, creator: { state: 'dead' }, lastUser: { state: 'dead' } });
    expect(segment?.verdict.state).not.toBe('abandoned');
  });

  test('rm --abandoned leaves it: the site goes on counting', async () => {
    await lab.shmtop(['rm', '--abandoned', '--yes', '--min-age', '0']);
    expect(await request()).toBe('4');
  });

  test('it is no proof either that php-fpm was killed: the next one finds it by its key', async () => {
    await lab.run(['sh', '-c', `kill -9 ${master} $(cat /proc/${master}/task/${master}/children)`]);
    expect((await segments()).map(({ verdict }) => verdict.state)).not.toContain('abandoned');
  });
});
