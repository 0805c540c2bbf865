// The racer (racer.c) as a server of commands: synchronous, since a removal cannot wait for an event loop.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileC } from '../support/compile-c.ts';

/** Compiles racer.c into `dir`; the path of the program. */
export function compileRacer(dir: string): string {
  const binary = join(dir, 'racer');
  const source = fileURLToPath(new URL('racer.c', import.meta.url));
  compileC(binary, [source], ['-Wno-format-truncation']);
  return binary;
}

export class Racer {
  readonly pid: number | undefined;
  readonly #dir = mkdtempSync(join(tmpdir(), 'shmtop-racer-'));
  readonly #in: number;
  readonly #out: number;
  readonly #chunk = Buffer.alloc(65536);
  #rest = '';

  constructor(binary: string) {
    const [input, output] = [join(this.#dir, 'in'), join(this.#dir, 'out')];
    execFileSync('mkfifo', [input, output]);
    const child = spawn('sh', ['-c', 'exec "$0" <"$1" >"$2"', binary, input, output], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.pid = child.pid;
    this.#in = openSync(input, 'w');
    this.#out = openSync(output, 'r');
  }

  /** One command, one line of answer. */
  ask(command: string): string {
    this.tell(command);
    return this.answer();
  }

  tell(command: string): void {
    writeSync(this.#in, `${command}\n`);
  }

  answer(): string {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const count = readSync(this.#out, this.#chunk);
      if (count === 0) throw new Error('the racer ended');
      this.#rest += this.#chunk.toString('latin1', 0, count);
    }
  }

  close(): void {
    closeSync(this.#in);
    closeSync(this.#out);
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
