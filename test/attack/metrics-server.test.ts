// Whoever reaches the port of `metrics --listen`: gets the page and nothing else, keeps nobody from it, and costs no more than a look a second.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExposition } from '../cli/metrics/read-exposition.ts';
import { MAIN } from './scene.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

let server: ChildProcess;
let port = 0;
let said = '';

/** The program on a free port; resolves as soon as it says where. */
async function start(words: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', SHMTOP_WITNESS: '/nonexistent' };
  const child = spawn(process.execPath, [MAIN, 'metrics', '--listen', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for await (const piece of child.stderr ?? []) {
    text += String(piece);
    const found = /metrics at http:\/\/\S+:(\d+)\/metrics/.exec(text)?.[1];
    if (found === undefined) continue;
    said = text;
    return { child, port: Number(found) };
  }
  throw new Error(`it ended: ${text}`);
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What comes back for these bytes until the other side closes. */
function send(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
}

const residentMb = (pid = 0) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
const isAlive = () => server.exitCode === null && server.signalCode === null;

beforeAll(async () => {
  ({ child: server, port } = await start(['127.0.0.1:0', '--objects', '50']));
});
afterAll(() => {
  server.kill('SIGKILL');
});

describe('GET /metrics', () => {
  it('is OpenMetrics for who asks for it, and the older text for others, which is the same', async () => {
    const { status, headers, text } = await ask('/metrics', {
      headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
    });
    expect([status, headers['content-type'], headers.connection]).toEqual([
      200,
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'close',
    ]);
    expect(readExposition(text).get('shmtop_build_info')?.samples).toHaveLength(1);
    const other = await ask('/metrics?collect%5B%5D=shm');
    expect([other.status, other.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    readExposition(other.text);
    expect(await ask('/metrics', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('is told to be at an address of this machine', () => {
    expect(said).toBe(`shmtop: metrics at http://127.0.0.1:${port}/metrics\n`);
    const listening = readFileSync('/proc/net/tcp', 'latin1')
      .split('\n')
      .filter((line) => line.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`));
    expect(listening.map((line) => line.trim().split(/\s+/)[1]?.slice(0, 8))).toEqual(['0100007F']);
  });

  it('is read by the parser of prometheus_client', ({ skip }) => {
    if (spawnSync('/usr/bin/python3', ['-c', 'import prometheus_client.openmetrics.parser']).status !== 0)
      skip('python3-prometheus-client is not installed');
    const parse = `import sys, urllib.request
from prometheus_client.openmetrics import parser
from prometheus_client.parser import text_string_to_metric_families as older
text = urllib.request.urlopen('http://127.0.0.1:${port}/metrics').read().decode()
names = [family.name for family in parser.text_string_to_metric_families(text)]
assert names == [family.name for family in older(text)] and len(names) > 15, names
print(' '.join(names))`;
    const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', parse], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('shmtop_objects ');
  });
});

describe('anything else', () => {
  it.each([
    '/',
    '/metrics/',
    '/metrics/../etc/passwd',
    '//metrics',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/METRICS',
    '/metrics%00',
    '/metrics#x',
  ])('%s is not there', async (path) => {
    const [head = '', body] = (await send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).split('\r\n\r\n');
    expect([head.split('\r\n')[0], body]).toEqual(['HTTP/1.1 404 Not Found', 'there is /metrics and nothing else\n']);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is refused', async (method) => {
    const { status, headers } = await ask('/metrics', {
      method,
      body: method === 'TRACE' ? undefined : 'x'.repeat(100_000),
    }).catch(() => ({ status: 0, headers: {} as IncomingHttpHeaders }));
    // It may close before all of the body was sent: nobody reads it.
    expect([0, 405]).toContain(status);
    if (status === 405) expect(headers.allow).toBe('GET, HEAD');
  });

  it('a page of the web that was led to this address by its own name gets nothing', async () => {
    for (const host of ['evil.example', 'evil.example:9779', 'localhost.evil.example', '127.0.0.1.evil.example', ''])
      expect(await send(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
    for (const host of ['localhost:9779', '127.0.0.1', '[::1]:80'])
      expect(await send(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00'.repeat(50)],
    ['a header without end', `GET /metrics HTTP/1.1\r\nX: ${'x'.repeat(200_000)}`],
    ['a path without end', `GET /${'x'.repeat(200_000)} HTTP/1.1\r\n\r\n`],
    ['ten thousand headers', `GET /metrics HTTP/1.1\r\nHost: localhost\r\n${'A: b\r\n'.repeat(10_000)}\r\n`],
    ['two lengths', 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n'],
    ['noughts', Buffer.alloc(100_000)],
  ])('%s is closed, and the next is answered', async (_, bytes) => {
    expect(await send(bytes)).not.toContain('shmtop_');
    expect((await ask('/metrics')).status).toBe(200);
  });

  it('an upgrade to something else is an answer like any other', async () => {
    expect(
      await send('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('who wants to be a burden', () => {
  it('with 500 connections that never come to an end keeps nobody out, and loses them', {
    timeout: 60_000,
  }, async () => {
    const sockets: Socket[] = [];
    let closed = 0;
    for (let at = 0; at < 500; at++) {
      const socket = connect({ host: '127.0.0.1', port }, () => socket.write('GET /metrics HTTP/1.1\r\n'));
      socket.on('error', () => undefined).once('close', () => closed++);
      sockets.push(socket);
    }
    expect((await ask('/metrics')).status).toBe(200);
    // A word every now and then keeps none of them.
    const talk = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('A: b\r\n');
    }, 500);
    await expect.poll(() => closed, { timeout: 45_000 }).toBe(500);
    clearInterval(talk);
  });

  it('with 10,000 scrapes costs some looks and no memory', { timeout: 180_000 }, async () => {
    const looks = new Set<string>();
    const startedMs = performance.now();
    const one = async () => {
      const { status, text } = await ask('/metrics');
      if (status !== 200) throw new Error(String(status));
      looks.add(/shmtop_look_seconds (\S+)/.exec(text)?.[1] ?? '');
    };
    const many = async (count: number) => {
      for (let at = 0; at < count; at += 20) await Promise.all(Array.from({ length: 20 }, one));
    };
    await many(5000);
    const before = residentMb(server.pid);
    await many(5000);
    expect(looks.size).toBeLessThanOrEqual((performance.now() - startedMs) / 1000 + 1);
    // What 5,000 of them leave: a leak of one page each would be 50 MB and more.
    expect(residentMb(server.pid) - before).toBeLessThan(40);
  });
});

describe('its end', () => {
  it('comes with a signal, at once, also while somebody is connected', async () => {
    const { child, port: its } = await start(['127.0.0.1:0']);
    const socket = connect({ host: '127.0.0.1', port: its }).on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });

  it('is told where the port is taken', () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'metrics', '--listen', `127.0.0.1:${port}`], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `shmtop: cannot listen on 127.0.0.1, port ${port}: EADDRINUSE\n`,
    });
    expect(isAlive()).toBe(true);
  });
});
