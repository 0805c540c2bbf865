// `shmtop watch`: events as they happen, one line each, until it is told to end.

import { errorCode } from '../fault/thrown.ts';
import { eventLine, headerLine, snapshotLine } from '../probe/model/decode/recording.ts';
import type { ShmEvent } from '../probe/model/event/event.ts';
import type { LiveSession } from '../probe/model/event/live-session.ts';
import type { CliContext } from './context.ts';
import { noObject } from './ids.ts';
import { reportError } from './report.ts';
import { styleFor } from './style.ts';
import { EXIT } from './usage.ts';
import { emptiness, whenEmpty } from './watch-empty.ts';
import { eventJson, eventText } from './watch-event.ts';
import { openEventTest } from './watch-filter.ts';
import type { WatchWorld } from './watch-world.ts';

export interface WatchOptions {
  readonly json: boolean;
  readonly exact: boolean;
  /** End after this many seconds. */
  readonly forSec?: number;
  /** End when nobody maps this object any more. */
  readonly untilEmpty?: string;
  /** File to which snapshots and all events go too. */
  readonly record?: string;
  /** Beside its work it does what a witness does, where none runs. */
  readonly mayWitness: boolean;
}

const RECORD_SNAPSHOT_MS = 10_000;

/** Resolves with the exit code; rejects with what writing throws (`OutputClosed`) and with a UsageError. */
export async function watch(
  context: CliContext,
  world: WatchWorld,
  words: readonly string[],
  options: WatchOptions,
): Promise<number> {
  const file = options.record === undefined ? undefined : world.openFile(options.record);
  if (typeof file === 'string') {
    reportError(context, `cannot record to ${options.record}: ${file}`);
    return EXIT.notDone;
  }
  let use: (event: ShmEvent) => void = () => {};
  const session = world.start({ isExact: options.exact }, (event) => use(event));
  if (typeof session === 'string') {
    reportError(context, `cannot watch: ${session}`);
    return EXIT.notDone;
  }
  let undo: (() => void)[] = [];
  let beside: { readonly stop: () => void } | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      const attempt = (action: () => void) => {
        try {
          action();
        } catch (error) {
          reject(error);
        }
      };
      attempt(() => {
        const isDone = emptiness(context, session, options.untilEmpty);
        if (typeof isDone === 'number') return resolve(isDone);
        const filter = openEventTest(words, session.first, session.segment, world.nameContainer);
        const lines = new Lines(context, options.json, attempt);
        reportSources(context, session);
        if (options.mayWitness) beside = world.beside(session.tap, (text) => reportError(context, text));
        const isExactMissing =
          options.exact && !session.sources().some(({ name, isActive }) => name === 'exact' && isActive);
        const recording = file && openRecording(context, file, options.record ?? '');
        const end = () => {
          const missing = filter.missing();
          for (const id of missing) reportError(context, noObject(id));
          resolve(missing.length > 0 || isExactMissing || recording?.hasFailed() ? EXIT.notDone : EXIT.done);
        };
        recording?.write(headerLine(session.first.takenAtMs, session.sources()) + snapshotLine(session.first));
        use = (event) =>
          attempt(() => {
            recording?.write(eventLine(event));
            if (filter.matches(event)) lines.add(event);
            if (isDone?.(event)) end();
          });
        undo = [
          () => lines.flush(),
          world.onInterrupt(() => resolve(EXIT.interrupted)),
          after(options.forSec, () => (options.untilEmpty === undefined ? end() : resolve(EXIT.notDone))),
          recording
            ? every(RECORD_SNAPSHOT_MS, () => attempt(() => recording.write(snapshotLine(session.sampleNow()))))
            : () => {},
          isDone ? whenEmpty(session, options.untilEmpty ?? '', end) : () => {},
        ];
      });
    });
  } finally {
    use = () => {};
    for (const each of undo) each();
    beside?.stop();
    session.stop();
    file?.close();
  }
}

/** What cannot be written any more (a full disk) ends the recording, and not the watch. */
function openRecording(context: CliContext, file: { readonly write: (text: string) => void }, path: string) {
  let hasFailed = false;
  return {
    hasFailed: () => hasFailed,
    write: (text: string) => {
      if (hasFailed) return;
      try {
        file.write(text);
      } catch (error) {
        hasFailed = true;
        const code = errorCode(error);
        reportError(context, `the recording to ${path} ends here: ${code}. The watch goes on.`);
      }
    },
  };
}

/** Lines of events that one wake-up brought: written together, since a write costs more than what it writes, but not later. */
class Lines {
  readonly #write: CliContext['stdout']['write'];
  readonly #lineOf: (event: ShmEvent) => string;
  readonly #attempt: (action: () => void) => void;
  #text = '';

  constructor(context: CliContext, isJson: boolean, attempt: (action: () => void) => void) {
    const style = styleFor(context, 0);
    this.#write = context.stdout.write;
    this.#lineOf = isJson ? eventJson : (event) => eventText(event, style);
    this.#attempt = attempt;
  }

  add(event: ShmEvent): void {
    if (this.#text === '') queueMicrotask(() => this.#attempt(() => this.flush()));
    this.#text += `${this.#lineOf(event)}\n`;
  }

  flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#write(text);
  }
}

/** Which sources run and what they cannot see: nobody should take silence for proof. */
function reportSources(context: CliContext, { sources }: LiveSession): void {
  for (const { isActive, name, text, misses } of sources()) {
    reportError(context, isActive ? `watching by ${text}; not seen: ${misses}` : `not watching by ${name}: ${text}`);
  }
}

function after(seconds: number | undefined, action: () => void): () => void {
  if (seconds === undefined) return () => {};
  const timer = setTimeout(action, seconds * 1000);
  return () => clearTimeout(timer);
}

function every(milliseconds: number, action: () => void): () => void {
  const timer = setInterval(action, milliseconds);
  return () => clearInterval(timer);
}
