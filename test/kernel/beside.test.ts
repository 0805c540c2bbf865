// A watch and a dashboard that record beside their work, over real processes: as a witness does, where none runs, and only one at a time.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualTerminal } from '../support/terminal.ts';
import { WitnessPlace, witnessMissing } from './witness/place.ts';

const missing = witnessMissing();
const title = missing === undefined ? 'recording beside' : `recording beside (skipped: ${missing})`;
const RECORDS = 'records for history';

describe.skipIf(missing)(title, () => {
  let place: WitnessPlace;
  const terminals: VirtualTerminal[] = [];

  beforeEach(async () => {
    place = await WitnessPlace.open();
  });
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) await terminal.close();
    await place?.close();
  });

  const begin = (...words: readonly string[]) => {
    const child = place.start(...place.shmtop, ...words);
    const said = { text: '' };
    child.stderr?.on('data', (data) => {
      said.text += String(data);
    });
    child.stdout?.resume();
    return { child, said };
  };
  const watch = async (...words: readonly string[]) => {
    const started = begin('watch', ...words);
    await place.until(() => /records|recorded/.test(started.said.text) || started.child.exitCode !== null);
    return started;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGINT') => {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const dashboard = (...words: readonly string[]) => {
    const [command = '', ...args] = place.inside(...place.shmtop, ...words);
    const terminal = new VirtualTerminal(command, args, { columns: 120, rows: 40 });
    terminals.push(terminal);
    return terminal;
  };
  const tell = (...words: readonly string[]) => place.run(...place.shmtop, ...words).stdout;
  /** Made by a daemon, whose parent has left it and whom nobody alive would start again, who lived long enough to be looked at, and was killed: his pid. */
  const leak = (rawName: string) => {
    const maker = `echo $$; echo > /dev/shm${rawName}; sleep 0.7; kill -KILL $$`;
    return Number(place.run('setsid', '--wait', 'sh', '-c', `sh -c '${maker}' & exit 0`).stdout);
  };
  const verdictOf = (rawName: string): string | undefined => {
    const line = tell('ls', '--ndjson', '--min-age', '0', `name=${rawName}`);
    const object: { readonly verdict?: { readonly state: string } } = JSON.parse(line || '{}');
    return object.verdict?.state;
  };
  const settled = async (rawName: string, state: string) => {
    let found = verdictOf(rawName);
    await place.until(() => {
      found = verdictOf(rawName);
      return found === state;
    }, 200);
    // With its reasons: the machine has other programs, which may be why.
    return found === state ? found : tell('show', `posix:${rawName}`, '--min-age', '0');
  };
  const whoRecords = () => /witness.*/.exec(tell('doctor'))?.[0] ?? '';

  test('a watch knows that a killed maker’s name is abandoned while it runs; afterwards history tells it, and nothing is proven', async () => {
    const { child, said } = await watch();
    expect(said.text).toContain(`${RECORDS} and later verdicts in /var/lib/shmtop/witness.db`);
    const maker = leak('/leaked');
    expect(await settled('/leaked', 'abandoned')).toBe('abandoned');
    expect(whoRecords()).toContain('the watch of process');
    await end(child);
    expect(tell('history', 'leaked')).toMatch(new RegExp(`made.*${maker}`));
    expect(['orphaned', 'unheld']).toContain(verdictOf('/leaked'));
    // And of a later one there is a gap before: what was made then stays without a proof.
    const later = await watch();
    await sleep(1500);
    expect(['orphaned', 'unheld']).toContain(verdictOf('/leaked'));
    await end(later.child);
  });

  test('a watch that is killed leaves a whole store, and no proof', async () => {
    const { child } = await watch();
    leak('/leaked');
    expect(await settled('/leaked', 'abandoned')).toBe('abandoned');
    await end(child, 'SIGKILL');
    expect(['orphaned', 'unheld']).toContain(verdictOf('/leaked'));
    expect(tell('history', 'leaked')).toContain('/leaked');
  });

  test('segments, their users and their ends are known to a watch by its own sources', async () => {
    const { child } = await watch();
    const [, shmid = 0] = place.make('segment', '209');
    await sleep(1500);
    const [user] = place.make('attach', String(shmid));
    await sleep(2000);
    const told = tell('history', `sysv:${shmid}`);
    expect(told).toMatch(new RegExp(`attached.*${user}`));
    place.run('ipcrm', '-m', String(shmid));
    await end(child);
  });

  test('a dashboard records, says so to doctor, and the life of an object survives its restart', async () => {
    const first = dashboard();
    await first.until('last sample took');
    await place.until(() => whoRecords().includes('the dashboard of process'), 250);
    const maker = leak('/kept');
    expect(await settled('/kept', 'abandoned')).toBe('abandoned');
    // Gone before anybody looked: its relatives are known by what the kernel tells of forks and sessions.
    place.make('daemon', '/quick');
    expect(await settled('/quick', 'abandoned')).toBe('abandoned');
    first.type('q');
    expect(await first.exited()).toBe(0);
    expect(tell('history', 'kept')).toMatch(new RegExp(`made.*${maker}`));
    expect(verdictOf('/kept')).not.toBe('abandoned');
    const second = dashboard();
    await second.until('last sample took');
    second.type('/kept\r');
    await second.until(/filter.*kept/);
    second.type('\r');
    await second.until(new RegExp(`made by .*${maker}`));
  });

  test('a watch records nothing where config.toml or the environment forbids it', async () => {
    const folder = join(place.dir, 'shmtop');
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'config.toml'), 'witness = false\n', { mode: 0o600 });
    const words = [...place.shmtop, 'watch', '--for', '1s'];
    place.run('env', `XDG_CONFIG_HOME=${place.dir}`, ...words);
    place.run('env', ...words.slice(0, 3), 'SHMTOP_NO_WITNESS=1', ...words.slice(3));
    expect(place.run('ls', '/var/lib').stdout).toBe('');
    place.run(...words);
    expect(place.run('ls', '/var/lib').stdout).toBe('shmtop\n');
  });

  test.each([
    ['--no-witness', ['--no-witness']],
    ['--read-only', ['--read-only']],
  ])('a dashboard with %s writes nothing', async (_, words) => {
    const terminal = dashboard(...words);
    await terminal.until('last sample took');
    await sleep(2500);
    expect(place.run('ls', '/var/lib').stdout).toBe('');
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  });

  test('of two watches one records; when it ends, the other one does', async () => {
    const first = await watch();
    const second = await watch();
    expect(second.said.text).toContain(`a watch records already (process ${first.child.pid})`);
    await end(first.child);
    await place.until(() => second.said.text.includes(RECORDS));
    leak('/leaked');
    expect(await settled('/leaked', 'abandoned')).toBe('abandoned');
    await end(second.child);
  });

  test('a witness that is started gets its place from a watch, which goes on without', async () => {
    const first = await watch();
    const witness = begin('witness');
    await place.until(() => witness.said.text.includes('keeps what it sees') || witness.child.exitCode !== null);
    expect(witness.said.text).toContain('keeps what it sees in /var/lib/shmtop/witness.db');
    await place.until(() => first.said.text.includes('a witness runs already'));
    expect(first.child.exitCode).toBeNull();
    expect(whoRecords()).not.toContain('watch of');
    leak('/leaked');
    expect(await settled('/leaked', 'abandoned')).toBe('abandoned');
    await end(first.child);
    await end(witness.child);
  });

  test('beside a witness a dashboard reads only, and shows what that one saw', async () => {
    const witness = begin('witness');
    await place.until(() => witness.said.text.includes('by table'));
    const terminal = dashboard('--min-age', '0');
    await terminal.until('last sample took');
    leak('/leaked');
    terminal.type('/leaked\r');
    await terminal.until(/abandoned +posix:\/leaked/);
    expect(whoRecords()).toContain(`process ${witness.child.pid}`);
    await end(witness.child);
    // Nobody else comes: it takes the place.
    await place.until(() => whoRecords().includes('the dashboard of process'), 250);
    expect(whoRecords()).toContain('the dashboard of process');
  });
});
