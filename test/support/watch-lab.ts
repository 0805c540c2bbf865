// A running `shmtop watch --json` inside a lab, the things done under its eyes, and what it told of them.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Lab, RunOptions } from './lab.ts';

export interface WatchLine {
  readonly at: string;
  readonly event: string;
  readonly id?: string;
  readonly name?: string;
  readonly pid?: number;
  readonly comm?: string;
  readonly nattch?: number;
  readonly sizeBytes?: number;
  readonly source: string;
  readonly count: number;
  readonly detail?: string;
}

/** What a program of watch/acts.c says of itself. */
export interface Act {
  readonly pid: number;
  readonly shmid: number;
  readonly child: number;
}

const ACTS_SOURCE = fileURLToPath(new URL('../kernel/watch/acts.c', import.meta.url));
const PATIENCE_MS = 8000;

/** Builds the acting program inside the lab; anybody there may run it. */
export async function buildActs(lab: Lab): Promise<string> {
  const path = join(lab.scratch, 'acts');
  await lab.compile(path, ACTS_SOURCE);
  return path;
}

export class RunningWatch {
  readonly events: WatchLine[] = [];
  notes = '';
  readonly #lab: Lab;
  readonly #child: ChildProcessWithoutNullStreams;
  /** Inside the lab; its first line. */
  #pid: string | undefined;

  private constructor(lab: Lab, child: ChildProcessWithoutNullStreams) {
    this.#lab = lab;
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (this.#pid === undefined) this.#pid = line;
      else this.events.push(JSON.parse(line));
    });
    child.stderr.on('data', (data) => {
      this.notes += String(data);
    });
  }

  /** Returns when it says that it watches; its last source is the polling thread, which takes a moment to look. */
  static async start(lab: Lab, words: readonly string[] = [], options: RunOptions = {}): Promise<RunningWatch> {
    const watch = new RunningWatch(
      lab,
      lab.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...lab.shmtopWords(['watch', '--json', ...words])], options),
    );
    for (let waited = 0; !watch.notes.includes('by poll') && waited < PATIENCE_MS; waited += 20) await sleep(20);
    expect(watch.notes).toContain('watching by poll');
    await sleep(300);
    return watch;
  }

  /** Events of one segment of the lab's namespace. */
  ofSegment(lab: Lab, shmid: number): WatchLine[] {
    return this.events.filter(({ id }) => id === `sysv:${lab.ipcNamespace}:${shmid}`);
  }

  /** Waits until the test holds or patience ends; the assertion that follows tells which. */
  async until(isReached: () => boolean): Promise<void> {
    for (let waited = 0; !isReached() && waited < PATIENCE_MS; waited += 20) await sleep(20);
  }

  /** Ends it as Ctrl-C does: its exit code. */
  async stop(): Promise<number | null> {
    const ended = once(this.#child, 'close');
    await this.#lab.run(['kill', '-INT', this.#pid ?? '']);
    const [code] = await ended;
    return code;
  }
}

/** Sum of the counts of one event, of one process if it is given. */
export function sum(events: readonly WatchLine[], event: string, pid?: number): number {
  return events
    .filter((line) => line.event === event && (pid === undefined || line.pid === pid))
    .reduce((total, { count }) => total + count, 0);
}

/** Does one thing and gives what the program says of it. */
export async function act(lab: Lab, acts: string, words: readonly string[], options: RunOptions = {}): Promise<Act> {
  const { stdout, stderr, code } = await lab.run([acts, ...words], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}
