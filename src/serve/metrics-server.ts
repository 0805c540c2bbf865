// A page for whoever asks for /metrics over HTTP, and nothing else. Whoever can reach the port may be an enemy: connections, their
// time, what they send and what they cost are bounded, and no file is ever named.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ServeRequest {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Nobody but this machine reaches it: then a page of the web in a browser here must not, either (by a name that leads here). */
  readonly isLoopback: boolean;
  /** Called at most once a second. */
  readonly page: () => string;
}

/** More connections than these: the oldest goes. */
const MOST_CONNECTIONS = 64;
/** No connection lives longer: it has sent what it wants, and read what it got. */
const MOST_CONNECTION_MS = 10_000;
const MOST_HEADER_BYTES = 8192;
const PAGE_AGE_MS = 1000;

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** The server once it listens, with its port; in words why it cannot. */
export function listen({
  host,
  port,
  isLoopback,
  page,
}: ServeRequest): Promise<{ readonly server: Server; readonly port: number } | string> {
  const fresh = onceASecond(page);
  // The first look may begin the program anew: before anybody is answered.
  fresh();
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: MOST_CONNECTION_MS,
      requestTimeout: MOST_CONNECTION_MS,
      keepAlive: false,
    },
    (request, response) => answer(request, response, isLoopback, fresh),
  );
  server.on('connection', boundedConnections());
  // Not HTTP, too long, or too slow: no answer is owed.
  server.on('clientError', (_, socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`cannot listen on ${host}, port ${port}: ${error.code ?? error.message}`),
    );
    server.listen({ host, port, backlog: MOST_CONNECTIONS, exclusive: true }, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : port });
    });
  });
}

/** Counted from its end: a look that takes long is not taken back to back. */
function onceASecond(page: () => string): () => Buffer {
  let text: Buffer | undefined;
  let madeMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (text === undefined || performance.now() - madeMs > PAGE_AGE_MS) {
      text = Buffer.from(page());
      madeMs = performance.now();
    }
    return text;
  };
}

function boundedConnections(): (socket: Socket) => void {
  const open = new Set<Socket>();
  return (socket) => {
    open.add(socket);
    const late = setTimeout(() => socket.destroy(), MOST_CONNECTION_MS);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(late);
      open.delete(socket);
    });
    const [oldest] = open;
    if (open.size > MOST_CONNECTIONS) oldest?.destroy();
  };
}

function answer(request: IncomingMessage, response: ServerResponse, isLoopback: boolean, page: () => Buffer): void {
  const refusal = refusalOf(request, isLoopback);
  if (refusal) {
    const [status, text] = refusal;
    end(response, status, Buffer.from(text), { 'Content-Type': 'text/plain; charset=utf-8', Allow: 'GET, HEAD' });
    return;
  }
  const wantsOpenMetrics = request.headers.accept?.includes('application/openmetrics-text') ?? false;
  end(response, 200, page(), { 'Content-Type': wantsOpenMetrics ? OPEN_METRICS : PROMETHEUS_TEXT, Vary: 'Accept' });
}

function refusalOf(
  { method, url, headers }: IncomingMessage,
  isLoopback: boolean,
): readonly [number, string] | undefined {
  if (isLoopback && !isOfThisMachine(headers.host)) return [403, 'ask by address, or as localhost\n'];
  if (url?.replace(/\?.*$/s, '') !== '/metrics') return [404, 'there is /metrics and nothing else\n'];
  return method === 'GET' || method === 'HEAD' ? undefined : [405, 'GET alone\n'];
}

function end(response: ServerResponse, status: number, body: Buffer, headers: Readonly<Record<string, string>>): void {
  const fixed = {
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  };
  response.writeHead(status, { ...headers, ...fixed });
  response.end(body);
}

/** By number or as localhost: a name of somebody's that leads to this address is his page asking, in a browser (DNS rebinding). */
function isOfThisMachine(host: string | undefined): boolean {
  return host === undefined || /^(localhost|[\d.]+|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host);
}
