// An ordinary user makes folders, links and fifos where root's shmtop reads or writes: nothing of his is executed, followed, written
// to or waited for.
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeCacheFolder } from '../../src/files/code-cache.ts';
import { createFile } from '../../src/files/open-file.ts';
import { openJournal } from '../../src/remove/journal.ts';
import { readHistory } from '../../src/remove/read-history.ts';
import { restore } from '../../src/remove/restore.ts';
import { readConfig, StateFile } from '../../src/ui/settings-file.ts';
import { DEFAULT_SETTINGS } from '../../src/ui/state/state.ts';
import { isRoot, Scene } from './scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

const only = describe.skipIf(!isRoot);

only('the compile cache, which is code', () => {
  it("is root's own folder below its cache, closed to all others", () => {
    expect(scene.shmtop(['--version']).status).toBe(0);
    const cache = join(scene.home, '.cache/shmtop');
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('is not the folder below TMPDIR that the attacker made first', () => {
    scene.plays('mkdir node-compile-cache; chmod 777 . node-compile-cache');
    const { status } = scene.shmtop(['--version'], { TMPDIR: scene.his });
    expect(status).toBe(0);
    expect(readdirSync(join(scene.his, 'node-compile-cache'))).toEqual([]);
  });

  it.each([
    ['in a folder of his', 'mkdir shmtop; chmod 777 shmtop'],
    ['in a folder that does not exist yet', 'true'],
    ['through a link of his', 'mkdir real; chmod 777 real; ln -s real shmtop'],
  ])('is not %s', (_, script) => {
    scene.plays(script);
    const before = readdirSync(scene.his, { recursive: true });
    expect(scene.shmtop(['--version'], { XDG_CACHE_HOME: scene.his }).status).toBe(0);
    expect(scene.shmtop(['--version'], { HOME: scene.his }).status).toBe(0);
    expect(readdirSync(scene.his, { recursive: true })).toEqual(before);
  });

  it('is nowhere where others can rename, and nowhere where they can read', () => {
    const open = join(scene.folder, 'open');
    mkdirSync(join(open, 'shmtop'), { recursive: true, mode: 0o700 });
    expect(codeCacheFolder({ XDG_CACHE_HOME: open })).toBe(join(open, 'shmtop'));
    chmodSync(open, 0o777);
    expect(codeCacheFolder({ XDG_CACHE_HOME: open })).not.toContain(open);
    chmodSync(open, 0o1777); // sticky: what is ours stays where it is
    expect(codeCacheFolder({ XDG_CACHE_HOME: open })).toBe(join(open, 'shmtop'));
    chmodSync(join(open, 'shmtop'), 0o755);
    expect(codeCacheFolder({ XDG_CACHE_HOME: open })).not.toContain(open);
  });
});

only('settings and what the dashboard remembers', () => {
  const remember = (env: Record<string, string>) => {
    const file = new StateFile(env);
    file.remember({ ...DEFAULT_SETTINGS, theme: 'mono' }, DEFAULT_SETTINGS);
    file.flush();
    return file;
  };

  it('are not read from a folder of somebody else, which is said once', () => {
    scene.plays('mkdir -p .config/shmtop; echo "confirm = \\"countdown\\"" > .config/shmtop/config.toml');
    const { settings, problems } = readConfig({ HOME: scene.his });
    expect(settings).toEqual({});
    expect(problems[0]).toMatch(/^(config\.toml is )?not used: \/.*his belongs to user 65534$/);
  });

  it('are not read from a fifo, a link of his, or a file that others can write', () => {
    const folder = join(scene.home, 'shmtop');
    mkdirSync(folder);
    const path = join(folder, 'config.toml');
    const fault = () => readConfig({ XDG_CONFIG_HOME: scene.home }).problems[0];
    writeFileSync(path, 'theme = "mono"\n');
    expect(readConfig({ XDG_CONFIG_HOME: scene.home }).settings).toEqual({ theme: 'mono' });
    chmodSync(path, 0o666);
    expect(fault()).toContain('can be written by others');
    scene.plays('mkfifo fifo; echo theme=1 > file; ln -s file link');
    for (const name of ['fifo', 'link', 'file']) {
      mkdirSync(join(scene.home, name, 'shmtop'), { recursive: true });
      symlinkSync(join(scene.his, name), join(scene.home, name, 'shmtop/config.toml'));
      expect(readConfig({ XDG_CONFIG_HOME: join(scene.home, name) }).problems[0]).toContain('belongs to user 65534');
    }
  });

  it('are read through a link of our own, as those have it who keep them in another folder', () => {
    mkdirSync(join(scene.home, '.config/shmtop'), { recursive: true });
    writeFileSync(join(scene.home, 'dotfile'), 'theme = "mono"\n');
    symlinkSync('../../dotfile', join(scene.home, '.config/shmtop/config.toml'));
    expect(readConfig({ HOME: scene.home })).toMatchObject({ settings: { theme: 'mono' }, problems: [] });
  });

  it('are not looked for where one stands', () => {
    scene.plays('mkdir -p conf/shmtop; echo "theme = \\"mono\\"" > conf/shmtop/config.toml');
    const here = process.cwd();
    process.chdir(scene.his);
    try {
      expect(readConfig({ XDG_CONFIG_HOME: 'conf', HOME: scene.home })).toEqual({ settings: {}, problems: [] });
    } finally {
      process.chdir(here);
    }
  });

  it('are not written through links of his, nor into his folder', () => {
    const victim = join(scene.home, 'victim');
    mkdirSync(victim);
    scene.plays(`ln -s ${victim} shmtop; mkdir -p .local/state; ln -s ${victim} .local/state/shmtop`);
    const own = join(scene.home, 'own');
    remember({ XDG_STATE_HOME: scene.his });
    remember({ HOME: scene.his });
    expect(readdirSync(victim)).toEqual([]);
    expect(remember({ XDG_STATE_HOME: own }).read()).toEqual({ theme: 'mono' });
    expect(readdirSync(join(own, 'shmtop'))).toEqual(['state.json']);
  });

  it('replace a link in their place, and what it leads to stays', () => {
    mkdirSync(join(scene.home, 'shmtop'));
    writeFileSync(join(scene.home, 'victim'), 'precious');
    symlinkSync('../victim', join(scene.home, 'shmtop/state.json'));
    remember({ XDG_STATE_HOME: scene.home });
    expect(readFileSync(join(scene.home, 'victim'), 'utf8')).toBe('precious');
    expect(lstatSync(join(scene.home, 'shmtop/state.json')).isFile()).toBe(true);
  });

  it.each(['/proc/self', '/proc/nothing/at/all', '/dev/null', '/sys/none'])('end at once below %s', (place) => {
    const startMs = performance.now();
    remember({ XDG_STATE_HOME: place, HOME: place });
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

only('the journal of removals', () => {
  const at = (folder: string) => join(folder, 'shmtop/removals.jsonl');

  it('is written to the next place where the first is not ours alone', () => {
    scene.plays('mkdir shmtop; chmod 777 shmtop; mkfifo shmtop/removals.jsonl');
    const opened = openJournal([at(scene.his), at(scene.home)], 'rm');
    expect('journal' in opened && opened.journal.path).toBe(at(scene.home));
    if ('journal' in opened) opened.journal.close();
    expect(openJournal([at(scene.his)], 'rm')).toMatchObject({
      problem: expect.stringContaining('belongs to user 65534'),
    });
  });

  it('is not a fifo, nor a file with a second name, nor one that others can write', () => {
    const folder = join(scene.home, 'shmtop');
    mkdirSync(folder);
    writeFileSync(join(scene.home, 'passwd'), 'root:x:0\n');
    linkSync(join(scene.home, 'passwd'), at(scene.home));
    expect(openJournal([at(scene.home)], 'rm')).toMatchObject({
      problem: expect.stringContaining('has a second name'),
    });
    expect(readHistory(at(scene.home))).toMatchObject({ problem: expect.stringContaining('has a second name') });
    expect(readFileSync(join(scene.home, 'passwd'), 'utf8')).toBe('root:x:0\n');
    const open = join(scene.home, 'open');
    mkdirSync(join(open, 'shmtop'), { recursive: true });
    writeFileSync(at(open), '');
    chmodSync(at(open), 0o666);
    expect(openJournal([at(open)], 'rm')).toMatchObject({
      problem: expect.stringContaining('can be written by others'),
    });
  });
});

only('--record', () => {
  const record = (path: string, cwd?: string) => scene.shmtop(['watch', '--for', '0.2s', '--record', path], {}, cwd);

  it.each([
    ['a file that he made', 'echo mine > rec; chmod 666 rec', 'belongs to user 65534'],
    ['a fifo, which is not waited for', 'mkfifo rec; chmod 666 rec', 'is not a regular file'],
    ['a link', 'ln -s /dev/null rec', 'is a link'],
    ['a link on the way', 'ln -s ../home home; ln -s home rec', 'is a link'],
  ])('does not write into %s', (_, script, reason) => {
    scene.plays(script);
    const { status, stderr } = record(join(scene.his, 'rec'));
    expect(stderr).toContain(reason);
    expect(status).toBe(1);
    expect(readdirSync(scene.home).filter((name) => name !== '.cache')).toEqual([]);
  });

  it('does not make a file where a folder of his leads', () => {
    scene.plays('ln -s ../home logs');
    const { status, stderr } = record('logs/rec', scene.his);
    expect(stderr).toContain('is a link that somebody else may have made');
    expect(status).toBe(1);
    expect(existsSync(join(scene.home, 'rec'))).toBe(false);
  });

  it('makes a new file for its owner only, and empties only such a one', () => {
    const path = join(scene.home, 'rec');
    expect(record(path).status).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { size } = statSync(path);
    expect(record(path).status).toBe(0);
    expect(statSync(path).size).toBeLessThan(size * 2);
    chmodSync(path, 0o644);
    const { status, stderr } = record(path);
    expect(stderr).toContain('can be read by others');
    expect(status).toBe(1);
  });
});

only('saved objects and recordings that he left', () => {
  it('a sidecar of his is not restored by root, whatever it says', () => {
    scene.plays('echo "{}" > a.json; : > a');
    expect(restore(join(scene.his, 'a'))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('belongs to user 65534'),
    });
  });

  it('a fifo, a link and an endless file in the place of a sidecar end it at once', () => {
    scene.plays('mkfifo fifo.json; ln -s /dev/zero zero.json; ln -s big.json link.json');
    writeFileSync(join(scene.home, 'big.json'), '');
    const startMs = performance.now();
    for (const name of ['fifo.json', 'zero.json', 'link.json'])
      expect(restore(join(scene.his, name)), name).toMatchObject({ kind: 'failed' });
    expect(scene.shmtop(['restore', '/dev/zero']).status).toBe(1);
    expect(performance.now() - startMs).toBeLessThan(5000);
  });

  it('replay does not wait for a fifo', () => {
    scene.plays('mkfifo rec; chmod 666 rec');
    const { status, stderr } = scene.shmtop(['replay', join(scene.his, 'rec')]);
    expect(stderr).toContain('is not a regular file');
    expect(status).toBe(1);
  });

  it('rm --save keeps what it would remove where the copy would be in his hands', () => {
    const script = (folder: string) =>
      `ipcmk -M 4096 >/dev/null; "${process.execPath}" "$0" rm sysv:0 --yes --force --save "${folder}"; ipcs -m | grep -c 0x`;
    const run = (folder: string) => scene.inPrivateIpc(script(folder));
    const kept = run(scene.his);
    expect(kept.stderr).toContain('belongs to user 65534');
    expect(kept.stdout.trim().split('\n').at(-1)).toBe('1');
    const gone = run(join(scene.home, 'saved/deep'));
    expect(gone.stdout.trim().split('\n').at(-1)).toBe('0');
    expect(readdirSync(join(scene.home, 'saved/deep'))).toHaveLength(2);
  });

  it('Ctrl-S makes a new file and nothing else', () => {
    scene.plays('ln -s ../home/new snap; : > there');
    for (const name of ['snap', 'there'])
      expect(createFile(join(scene.his, name))).toMatchObject({ reason: expect.stringContaining('EEXIST') });
    expect(existsSync(join(scene.home, 'new'))).toBe(false);
  });
});
