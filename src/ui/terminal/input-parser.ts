// Raw terminal input to events: F-keys, modifiers, SGR mouse, bracketed paste; sequences may arrive in pieces.
import type { InputEvent, KeyPress } from './key-event.ts';

const CSI_LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
  Z: 'shift-tab',
};
const CSI_NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
  11: 'F1',
  12: 'F2',
  13: 'F3',
  14: 'F4',
  15: 'F5',
  17: 'F6',
  18: 'F7',
  19: 'F8',
  20: 'F9',
  21: 'F10',
  23: 'F11',
  24: 'F12',
};
/** Linux console: ESC [ [ A … E. */
const CONSOLE_KEYS: Readonly<Record<string, string>> = { A: 'F1', B: 'F2', C: 'F3', D: 'F4', E: 'F5' };
const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b': 'escape',
  ' ': 'space',
  '\0': 'ctrl-space',
};

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
const CSI = /^\x1b\[([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e])/;
const UNFINISHED = /^\x1b(\[([\x30-\x3f]*[\x20-\x2f]*)?|\[\[|O)?$/;
/** A paste longer than this is cut: nobody types such a filter. */
const MOST_PASTED = 4096;
/** An unfinished sequence is never longer: what claims to be one and goes on is no key. */
const MOST_UNFINISHED = 64;
/** So much text at once is pasted, also where the terminal does not mark pastes: it is no row of single keys. */
const LEAST_RUN = 64;
const TEXT_RUN = /^[^\x00-\x1f\x7f-\x9f]+/;

/** Keeps what is not finished yet; `flush` says that no more came, so that a lone Esc is a key. */
export class InputParser {
  #rest = '';
  /** What has come of a paste that is not over; only its start is kept, and what may be the start of its end. */
  #pasted: string | undefined;

  /** In a sequence that was too long to be one. */
  #isEndless = false;

  /** How much of what is next has been looked at and is single keys: each is looked at once, however long the run is. */
  #singleLeft = 0;

  /** True when something waits for more input: call `flush` after a moment without any. */
  get isWaiting(): boolean {
    return this.#rest !== '' || this.#pasted !== undefined;
  }

  feed(chunk: string): InputEvent[] {
    this.#rest += chunk;
    const events: InputEvent[] = [];
    while (this.#rest !== '') {
      const taken = this.#take();
      if (taken === 'more') break;
      if (taken) events.push(taken);
    }
    return events;
  }

  flush(): InputEvent[] {
    const rest = this.#rest;
    this.#rest = '';
    this.#isEndless = false;
    if (this.#pasted !== undefined) return [this.#endPaste(rest)];
    if (rest === '') return [];
    const [first, ...others] = rest;
    return [key(CONTROLS[first ?? ''] ?? ''), ...(rest === '\x1b' ? [] : this.feed(others.join('')))];
  }

  #take(): InputEvent | 'more' | undefined {
    if (this.#pasted !== undefined) return this.#takePaste(this.#pasted);
    if (this.#isEndless) return this.#skipParameters();
    const text = this.#rest;
    if (text.startsWith(PASTE_START)) {
      this.#pasted = '';
      return this.#advance(PASTE_START.length, undefined);
    }
    if (text.charCodeAt(0) !== 0x1b) return this.#takeText();
    const start = text.slice(0, MOST_UNFINISHED);
    if (start.length === text.length && text.length < MOST_UNFINISHED && UNFINISHED.test(text)) return 'more';
    const consoleKey = /^\x1b\[\[(.)/s.exec(start);
    if (consoleKey) return this.#advance(4, key(CONSOLE_KEYS[consoleKey[1] ?? ''] ?? ''));
    const csi = CSI.exec(start);
    if (csi) return this.#advance(csi[0].length, readCsi(csi[1] ?? '', csi[2] ?? ''));
    // Parameters without an end: an answer of a terminal gone wrong. All of it goes, since none of it is a key.
    if (text.startsWith('\x1b[')) {
      this.#isEndless = true;
      return this.#advance(2, undefined);
    }
    if (text.startsWith('\x1bO')) return this.#advance(3, key(CSI_LETTERS[text.charAt(2)] ?? ''));
    if (text.startsWith('\x1b\x1b')) return this.#advance(1, key('escape'));
    const next = String.fromCodePoint(text.codePointAt(1) ?? 0);
    return this.#advance(1 + next.length, key(`alt-${CONTROLS[next] ?? next}`));
  }

  /** Megabytes may come in pieces: each is looked at once. */
  #takePaste(before: string): InputEvent | 'more' | undefined {
    const end = this.#rest.indexOf(PASTE_END);
    if (end >= 0) {
      const text = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + PASTE_END.length);
      return this.#endPaste(text);
    }
    const sure = Math.max(0, this.#rest.length - PASTE_END.length + 1);
    this.#pasted = (before + this.#rest.slice(0, sure)).slice(0, MOST_PASTED);
    this.#rest = this.#rest.slice(sure);
    return 'more';
  }

  #skipParameters(): InputEvent | undefined {
    const text = this.#rest;
    let at = 0;
    while (at < text.length && text.charCodeAt(at) >= 0x20 && text.charCodeAt(at) <= 0x3f) at++;
    if (at === text.length) return this.#advance(at, undefined);
    this.#isEndless = false;
    const isEnd = text.charCodeAt(at) >= 0x40 && text.charCodeAt(at) <= 0x7e;
    return this.#advance(isEnd ? at + 1 : at, undefined);
  }

  #endPaste(last: string): InputEvent {
    const text = ((this.#pasted ?? '') + last).slice(0, MOST_PASTED);
    this.#pasted = undefined;
    return { kind: 'paste', text };
  }

  #takeText(): InputEvent | undefined {
    if (this.#singleLeft > 0) return this.#takeChar();
    const [run = ''] = TEXT_RUN.exec(this.#rest) ?? [];
    // A key that is held down while the program was stopped is the same one over and over.
    const [first = ''] = run;
    if (run.length < LEAST_RUN || run === first.repeat(run.length / first.length)) {
      this.#singleLeft = run.length;
      return this.#takeChar();
    }
    this.#rest = this.#rest.slice(run.length);
    return { kind: 'paste', text: run.slice(0, MOST_PASTED) };
  }

  #takeChar(): InputEvent | undefined {
    const char = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0);
    const code = char.codePointAt(0) ?? 0;
    const control = CONTROLS[char];
    if (control !== undefined) return this.#advance(1, { ...key(control), text: char === ' ' ? ' ' : undefined });
    if (code < 0x20) return this.#advance(1, key(`ctrl-${String.fromCharCode(code + 0x60)}`));
    if (code >= 0x80 && code < 0xa0) return this.#advance(1, undefined);
    return this.#advance(char.length, { kind: 'key', name: char, text: char });
  }

  #advance(length: number, event: InputEvent | undefined): InputEvent | undefined {
    this.#rest = this.#rest.slice(length);
    this.#singleLeft = Math.max(0, this.#singleLeft - length);
    return event?.kind === 'key' && event.name === '' ? undefined : event;
  }
}

const key = (name: string): KeyPress => ({ kind: 'key', name });

function readCsi(parameters: string, final: string): InputEvent | undefined {
  if (parameters.startsWith('<') && (final === 'M' || final === 'm')) return readMouse(parameters.slice(1), final);
  const [first = '', modifier = ''] = parameters.split(';');
  if (first === '27' && final === '~') return undefined;
  const name = final === '~' ? CSI_NUMBERS[first] : final === 'u' ? undefined : CSI_LETTERS[final];
  return name === undefined ? undefined : key(modifierPrefix(modifier) + name);
}

/** xterm: 1 plus the bits shift 1, alt 2, ctrl 4. */
function modifierPrefix(modifier: string): string {
  const bits = Math.max(0, (Number.parseInt(modifier, 10) || 1) - 1);
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}`;
}

function readMouse(parameters: string, final: string): InputEvent | undefined {
  const [button = -1, column = 1, row = 1] = parameters.split(';').map(Number);
  const at = { kind: 'mouse', x: column - 1, y: row - 1 } as const;
  if (button === 64) return { ...at, what: 'wheel-up' };
  if (button === 65) return { ...at, what: 'wheel-down' };
  return (button & ~0x1c) === 0 && final === 'M' ? { ...at, what: 'press' } : undefined;
}
