// What the dashboard asks of the observing thread: one answer a message; while it stands still, questions wait.

import type { Sampler } from '../look/sampler.ts';
import type { AccountReadings } from '../model/account/account.ts';
import type { LifeReader } from '../model/life/life.ts';
import { peekContent } from '../source/content.ts';
import type { LiveFeed } from './live-feed.ts';
import type { Observer } from './observer.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** Of the time, for the readings of the account. */
const MOST_ACCOUNT_SHARE = 0.05;

export interface AnswerOptions {
  readonly procRoot: string;
  readonly observer: Observer;
  readonly sampler: Sampler;
  readonly live: LiveFeed;
  /** What a witness saw; absent: nothing is watched. */
  readonly lifeOf?: LifeReader;
  /** Undefined: there was no look yet. */
  readonly readAccount: () => AccountReadings | undefined;
  readonly send: (message: FromWorker) => void;
}

export class ObserverAnswers {
  readonly #options: AnswerOptions;
  /** Questions that came while it stood still. */
  #waiting: ToWorker[] = [];
  #accountFromMs = 0;
  #accountTimer: NodeJS.Timeout | undefined;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  receive(message: ToWorker): void {
    const { observer, send } = this.#options;
    if (message.type === 'next-part') observer.sendNextPart();
    else if (message.type === 'end') {
      this.#options.live.end();
      send({ type: 'ended' });
    } else if (!observer.isHeld || message.type === 'release') this.#answer(message);
    else if (message.type === 'hold') send({ type: 'held' });
    else this.#waiting.push(message);
  }

  #answer(message: Exclude<ToWorker, { type: 'next-part' | 'end' }>): void {
    const { observer, sampler, live, send } = this.#options;
    switch (message.type) {
      case 'interval':
        observer.intervalMs = message.intervalMs;
        break;
      case 'sample':
      case 'play':
        break;
      case 'hold':
        observer.hold();
        send({ type: 'held' });
        return;
      case 'release':
        observer.release();
        for (const question of this.#waiting.splice(0)) this.receive(question);
        break;
      case 'peek':
        this.#peek(message);
        return;
      case 'watch':
        live.watch(message.isWatched);
        return;
      case 'residents': {
        const object = observer.object(message.id);
        const { pageBytes } = observer;
        if (object && pageBytes) send({ type: 'residents', residents: sampler.residents(object, pageBytes) });
        return;
      }
      case 'life': {
        const { id } = message;
        send({ type: 'life', known: this.#options.lifeOf?.(id, observer.object(id)) ?? { id } });
        return;
      }
      case 'account':
        this.#account();
        return;
      case 'share':
        send({ type: 'share', share: sampler.share(message.pid) });
        return;
    }
    observer.sampleSoon();
  }

  /** Where there are many mount namespaces it takes long: it is then answered less often, several questions at once. */
  #account(): void {
    const startedMs = performance.now();
    if (startedMs < this.#accountFromMs) {
      this.#accountTimer ??= setTimeout(() => {
        this.#accountTimer = undefined;
        this.receive({ type: 'account' });
      }, this.#accountFromMs - startedMs);
      return;
    }
    const readings = this.#options.readAccount();
    const tookMs = performance.now() - startedMs;
    this.#accountFromMs = startedMs + tookMs / MOST_ACCOUNT_SHARE;
    if (readings) this.#options.send({ type: 'account', readings });
  }

  /** Bytes are copied out of the buffer that the next peek reads into. */
  #peek({ id, offset, length }: Extract<ToWorker, { type: 'peek' }>): void {
    const { observer, procRoot, send } = this.#options;
    const object = observer.object(id);
    const peek = object ? peekContent(object, offset, length, procRoot) : { refused: 'the object is no longer there' };
    send({ type: 'peek', id, offset, peek: 'bytes' in peek ? { ...peek, bytes: peek.bytes.slice() } : peek });
  }
}
