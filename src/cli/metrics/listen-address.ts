// Where to listen: an address of this machine, as a number. Names are not looked up: they may lead anywhere.

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Nobody but this machine reaches it. */
  readonly isLoopback: boolean;
}

const HOST = '127.0.0.1';
/** https://github.com/prometheus/prometheus/wiki/Default-port-allocations has nobody else at it. */
const PORT = 9779;

export const LISTEN_WORDS = `an address and a port in numbers, such as ${HOST}:${PORT}, [::1]:${PORT} or ${PORT} alone`;

/** `9779`, `:9779`, `127.0.0.1:9779`, `[::1]:9779`, `localhost:9779`; empty text is the default. Only what is written out is not loopback. */
export function parseAddress(text: string): ListenAddress | undefined {
  if (text === '') return { host: HOST, port: PORT, isLoopback: true };
  const [, six, name, digits] = /^(?:(?:\[([0-9a-f:.]+)\]|([0-9.]+|localhost)?):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (six !== undefined) return { host: six, port, isLoopback: six === '::1' };
  const host = name === undefined || name.toLowerCase() === 'localhost' ? HOST : name;
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(host)) return undefined;
  return { host, port, isLoopback: host.startsWith('127.') };
}
