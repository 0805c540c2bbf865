// What is typed without a command, in a real pty and into real pipes: the dashboard filtered and sorted, or what is only printed; IDs as others
// print them, over a /dev/shm that is a link.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Place, placeMissing } from '../support/place.ts';
import { VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const missing = placeMissing();
const SCENE = `
for size in 4096 8192 12288; do ipcmk -M $size >/dev/null; done
head -c 1000 /dev/zero > /dev/shm/root-small; head -c 9000 /dev/zero > /dev/shm/root-large
printf x > /dev/shm/theirs; chown 12345 /dev/shm/theirs
`;

describe.skipIf(missing !== undefined)(`habits of the hand${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';

  beforeAll(async () => {
    place = await Place.open(SCENE);
    folder = mkdtempSync(join(tmpdir(), 'shmtop-habits-'));
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function terminal(words: readonly string[]): VirtualTerminal {
    const [command = '', ...enter] = place.enter;
    const env = { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') };
    return new VirtualTerminal(command, [...enter, process.execPath, MAIN, ...words], { env });
  }
  const shell = (line: string) => place.read(line.replaceAll('shmtop', `'${process.execPath}' '${MAIN}'`));

  test('-u and -s open the dashboard, filtered and sorted', async () => {
    const screen = terminal(['-u', 'root', '--kind', 'posix', '-s', '-size', '-d', '1']);
    try {
      await screen.until(/2 shown, 6 objects/);
      const text = screen.text();
      expect(text).toContain('user=root');
      expect(text.indexOf('root-large')).toBeGreaterThan(0);
      expect(text.indexOf('root-large')).toBeLessThan(text.indexOf('root-small'));
      expect(text).not.toContain('theirs');
    } finally {
      screen.close();
    }
  });

  test.each([['--once'], ['--json'], ['-bn1'], ['-u', '12345', '--csv']])(
    '%s prints on a terminal and ends',
    async (...words) => {
      const screen = terminal(words);
      try {
        await screen.until(/theirs/);
        expect(await screen.exited()).toBe(0);
      } finally {
        screen.close();
      }
    },
  );

  test('into a pipe it is ls, options of the dashboard and all', async () => {
    expect(await shell('shmtop --all --theme mono | cat')).toContain('posix:/root-large');
    expect((await shell('shmtop -d 0.2 -n 2 --columns id | cat')).match(/^ID$/gm)).toHaveLength(2);
    expect(await shell('shmtop --json ls | head -c 20')).toContain('schemaVersion');
  });

  test('a repeated ls sees what came meanwhile, and ends with the signal that ends it', async () => {
    const until = (what: string) => `for i in $(seq 600); do grep -q ${what} /run/seen && break; sleep 0.05; done`;
    const seen = await shell(
      `shmtop ls --watch 200ms -n 600 --no-header --columns id > /run/seen & ${until('root-small')}
printf y > /dev/shm/later; ${until('later')}; kill $!; cat /run/seen; rm /dev/shm/later`,
    );
    expect(seen).toContain('posix:/later');
    expect(seen.indexOf('posix:/root-small')).toBeLessThan(seen.indexOf('posix:/later'));
    expect(await shell('timeout -s INT 2 shmtop ls -b --columns id >/dev/null; echo $?')).toBe('124\n');
    expect(await shell('shmtop ls -b -d 100ms | head -n 1 >/dev/null; echo ended')).toBe('ended\n');
  });

  test('the path behind a linked /dev/shm names what it does', async () => {
    // In a mount namespace of its own: /dev with nothing but what is needed.
    const script = `
mkdir -p ${folder}/dev ${folder}/run; mount -t tmpfs run ${folder}/run; mkdir ${folder}/run/shm; mount -t tmpfs shm ${folder}/run/shm
printf x > ${folder}/run/shm/x; printf y > ${folder}/run/y
mount -t tmpfs dev ${folder}/dev; cp -a /dev/null /dev/zero /dev/urandom ${folder}/dev/; ln -s ${folder}/run/shm ${folder}/dev/shm
mount --move ${folder}/dev /dev
for word in ${folder}/run/shm/x /dev/shm/x posix:x ${folder}/run/y; do shmtop show $word 2>&1 | head -n 1; done`;
    const child = spawn('unshare', [
      '-imp',
      '--fork',
      '--mount-proc',
      'sh',
      '-c',
      script.replaceAll('shmtop show', `'${process.execPath}' '${MAIN}' show`),
    ]);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(child, 'close');
    const lines = said.trim().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines.slice(0, 3)) expect(line).toContain('posix:/x is a POSIX shared memory object');
    expect(lines[3]).toContain('there is no shared memory object');
  });
});
