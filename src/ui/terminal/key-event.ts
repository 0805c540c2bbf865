// What a person did: a key, the mouse, or a paste; named so that the keymap table can be read aloud.

/** `name`: `up`, `page-down`, `F1`, `enter`, `space`, `ctrl-b`, `alt-x`, or the character itself. `text`: what it types. */
export interface KeyPress {
  readonly kind: 'key';
  readonly name: string;
  readonly text?: string;
}

/** Cells from 0. */
export interface MousePress {
  readonly kind: 'mouse';
  readonly what: 'press' | 'wheel-up' | 'wheel-down';
  readonly x: number;
  readonly y: number;
}

export interface Paste {
  readonly kind: 'paste';
  readonly text: string;
}

export type InputEvent = KeyPress | MousePress | Paste;
