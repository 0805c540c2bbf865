// The socket oracle: who is bound to a socket file, by inode, whatever has its name by then.
import { mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import type { ShmEntry } from '../../../src/probe/model/join/shm-entry.ts';
import { nativeIo } from '../../../src/probe/source/io-native.ts';
import { askListener } from '../../../src/probe/source/socket.ts';

const loaded = loadLibc();
const libc = isLibc(loaded) ? loaded : undefined;

describe.skipIf(!libc)('a socket file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'shmtop-socket-'));
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(dir, { recursive: true });
  });

  const listen = async (name: string): Promise<{ path: string; connections: () => number; server: Server }> => {
    const path = join(dir, name);
    let count = 0;
    const server = createServer(() => count++);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return { path, connections: () => count, server };
  };
  const entryOf = (path: string, at = path): ShmEntry => {
    if (!libc) throw new Error('no libc');
    const stat = nativeIo(libc).stat(path, 'nofollow');
    if (typeof stat === 'number') throw new Error(`no ${path}`);
    const { btimeSec, ...rest } = stat;
    const place = { kind: 'given', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
    return { ...rest, btimeSec, name: '/s', reachedBy: at, place, type: 'socket' };
  };

  /** Its file stays as a killed server leaves it: Node would remove it at the end. */
  const leave = async (name: string): Promise<string> => {
    const { path, server } = await listen(`${name}.born`);
    renameSync(path, join(dir, name));
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return join(dir, name);
  };

  test('with a server is bound, also by another name, and the server is told of nobody', async () => {
    const { path, connections } = await listen('alive');
    const entry = entryOf(path);
    expect(askListener(libc, entry)).toBe('bound');
    renameSync(path, `${path}.moved`);
    expect(askListener(libc, entryOf(`${path}.moved`))).toBe('bound');
    renameSync(`${path}.moved`, path);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connections()).toBe(0);
  });

  test('without one has no listener, and never will: a new server makes another inode', async () => {
    const path = await leave('dead');
    expect(askListener(libc, entryOf(path))).toBe('none');
  });

  test('is not asked through a link, nor is what was put in its place', async () => {
    const dead = await leave('dead-too');
    const { path: alive } = await listen('alive-too');
    const entry = entryOf(dead);
    renameSync(alive, dead);
    expect(askListener(libc, entry)).toBe('unknown');
    const entryOfAlive = entryOf(dead);
    symlinkSync(dead, `${dead}.link`);
    expect(askListener(libc, entryOf(dead, `${dead}.link`))).toBe('unknown');
    expect(askListener(libc, entryOfAlive)).toBe('bound');
    writeFileSync(`${dead}.file`, 'x');
    const inode = statSync(`${dead}.file`).ino;
    expect(askListener(libc, { ...entryOf(`${dead}.file`), inode })).toBe('unknown');
  });

  test('that is gone, or without native calls, is unknown', async () => {
    const path = await leave('gone');
    const entry = entryOf(path);
    rmSync(path);
    expect(askListener(libc, entry)).toBe('unknown');
    expect(askListener(undefined, entry)).toBe('unknown');
  });
});
