// A program in a real pty behind a headless terminal: what a person would see, typed keys, resizes, and its end.
import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** What a test runner sets must not decide how the program draws. */
const FRESH = {
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  CI: undefined,
  COLUMNS: undefined,
};

export class VirtualTerminal {
  readonly #pty: IPty;
  readonly xterm: InstanceType<typeof headless.Terminal>;
  /** Everything the program wrote, as it came. */
  raw = '';
  exitCode: number | undefined;
  signal: number | undefined;
  readonly #exited: Promise<number>;

  constructor(
    command: string,
    args: readonly string[],
    { columns = 80, rows = 24, env = {}, cwd }: TerminalOptions = {},
  ) {
    this.xterm = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    const all = { ...process.env, ...FRESH, ...env };
    // node-pty would make the text "undefined" of what is not set.
    const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    this.#pty = spawn(command, [...args], { cols: columns, rows, cwd, env: set, name: set.TERM });
    this.#pty.onData((data) => {
      this.raw += data;
      this.xterm.write(data);
    });
    // What a terminal answers (cursor position reports and the like) goes back, as in life.
    this.xterm.onData((data) => this.#pty.write(data));
    this.#exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.exitCode = exitCode;
        this.signal = signal;
        resolve(signal ? 128 + signal : exitCode);
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
    this.xterm.resize(columns, rows);
  }

  /** The lines that are visible, without blanks at their ends. */
  lines(): string[] {
    const buffer = this.xterm.buffer.active;
    return Array.from(
      { length: this.xterm.rows },
      (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '',
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  get isAlternate(): boolean {
    return this.xterm.buffer.active.type === 'alternate';
  }

  /** Lines that the terminal wrapped: there must never be one. */
  wrappedLines(): number {
    const buffer = this.xterm.buffer.active;
    let count = 0;
    for (let y = 0; y < buffer.length; y++) if (buffer.getLine(y)?.isWrapped) count++;
    return count;
  }

  /** Waits until the screen satisfies the test; fails with the screen in the message. So long only where it never does. */
  async until(what: string | RegExp | ((screen: string) => boolean), timeoutMs = 30_000): Promise<string> {
    const isThere =
      typeof what === 'function'
        ? what
        : typeof what === 'string'
          ? (screen: string) => screen.includes(what)
          : (screen: string) => what.test(screen);
    const endMs = Date.now() + timeoutMs;
    for (;;) {
      const screen = this.text();
      if (isThere(screen)) return screen;
      if (Date.now() > endMs || (this.exitCode !== undefined && Date.now() > endMs - timeoutMs + 1000)) {
        throw new Error(`not seen: ${String(what)} (exit ${this.exitCode})\n${screen}`);
      }
      await sleep(15);
    }
  }

  /** The exit code, as a shell tells it: 128 and the number of the signal that it died of. */
  async exited(timeoutMs = 8000): Promise<number> {
    const late = sleep(timeoutMs).then(() => {
      throw new Error(`still running\n${this.text()}`);
    });
    const code = await Promise.race([this.#exited, late]);
    await sleep(30); // what was written last is still on its way through the parser
    return code;
  }

  /** Ends the program if it still runs; never fails. */
  close(): void {
    if (this.exitCode === undefined) this.#pty.kill('SIGKILL');
    this.xterm.dispose();
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
