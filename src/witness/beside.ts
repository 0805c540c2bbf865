// Records beside a watch or a dashboard, with what they see anyway, for as long as they run and no witness does.
import { errorMessage } from '../fault/thrown.ts';
import { clockOffsets } from '../native/clock-offset.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { TIMESPEC_BYTES } from '../native/process.ts';
import type { LiveTap } from '../probe/model/event/live-session.ts';
import type { WriterRole } from '../probe/model/life/life.ts';
import { bootIdOf } from '../probe/source/boot-id.ts';
import { nativeIo } from '../probe/source/io-native.ts';
import { beat } from './beat.ts';
import { keepSmall } from './keep-small.ts';
import { openStore } from './open-store.ts';
import { Recorder } from './recorder.ts';
import type { WitnessStore } from './store.ts';

export interface BesideOptions {
  readonly role: Exclude<WriterRole, 'witness'>;
  /** See `witnessFolders` (files/homes.ts): the first counts. */
  readonly folders: readonly string[];
  readonly procRoot?: string;
  readonly shmRoot?: string;
  /** As that of LiveRequest: nothing but timers on the event loop. */
  readonly isInRounds: boolean;
  /** In words, what people may want to know; the same thing is not said twice in a row. */
  readonly say: (text: string) => void;
}

/** Whether the place of the writer is free is asked that often: some 100 µs. */
const CHECK_MS = 5000;
const ROUND_MS = 200;
/** That of the session whose sources are used (probe/live/wake.ts). */
const CALM_ROUND_MS = 250;

/** Begins at once, or as soon as nobody else records; never throws. */
export function recordBeside(options: BesideOptions, tap: LiveTap): { readonly stop: () => void } {
  const libc = loadLibc();
  const [directory] = options.folders;
  const bootId = isLibc(libc) ? bootIdOf(nativeIo(libc)) : undefined;
  if (!isLibc(libc) || directory === undefined || bootId === undefined) return { stop: () => {} };
  return new Beside(options, { libc, directory, bootId, tap });
}

interface Ground {
  readonly libc: Libc;
  readonly directory: string;
  readonly bootId: string;
  readonly tap: LiveTap;
}

interface Running {
  readonly recorder: Recorder;
  readonly store: WitnessStore;
  stopBeat: () => void;
}

class Beside {
  readonly #options: BesideOptions;
  readonly #ground: Ground;
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #said: string | undefined;

  constructor(options: BesideOptions, ground: Ground) {
    this.#options = options;
    this.#ground = ground;
    this.#attempt(() => this.#try());
  }

  /** What was told until now is kept, and that nothing is from now on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#attempt(() => this.#end());
  }

  #try(): void {
    const { directory, bootId } = this.#ground;
    const store = openStore(directory, bootId, undefined, this.#options.role);
    if ('problem' in store) {
      this.#say(store.isTaken ? `${store.problem}: nothing is recorded here` : `records nothing: ${store.problem}`);
      this.#later();
      return;
    }
    try {
      this.#start(store);
    } catch (error) {
      if (!this.#running) store.close();
      throw error;
    }
    this.#say(`records for history and later verdicts in ${store.path}`);
  }

  #start(store: WitnessStore): void {
    const { libc, bootId, tap } = this.#ground;
    const { procRoot = '/proc', shmRoot = '/dev/shm', isInRounds, say } = this.#options;
    keepSmall(false);
    const scratch = libc.allocate(TIMESPEC_BYTES);
    const clock = () => ({ nowMs: Date.now(), ...clockOffsets(libc, scratch) });
    const recorder = new Recorder({ libc, io: nativeIo(libc), procRoot, shmRoot, bootId, store, clock, tap, say });
    const running: Running = { recorder, store, stopBeat: () => {} };
    this.#running = running;
    running.stopBeat = beat(recorder, {
      isWoken: !isInRounds,
      roundMs: isInRounds ? CALM_ROUND_MS : ROUND_MS,
      eachSecond: () => this.#giveWay(store),
      attempt: (action) => this.#attempt(action),
    });
  }

  /** A witness of its own sees more, and stays: it has the place as soon as it wants it. */
  #giveWay(store: WitnessStore): void {
    if (!store.isClaimed()) return;
    this.#end();
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#attempt(() => this.#try()), CHECK_MS);
  }

  #end(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.stopBeat();
    running?.recorder.stop();
  }

  /** A fault of ours ends the recording, and not what it runs beside. What was not written is a gap. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      const running = this.#running;
      this.#running = undefined;
      clearTimeout(this.#timer);
      this.#say(`records nothing any more: ${errorMessage(error)}`);
      running?.stopBeat();
      running?.recorder.drop();
    }
  }

  #say(text: string): void {
    if (text !== this.#said) this.#options.say(text);
    this.#said = text;
  }
}
