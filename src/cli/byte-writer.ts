// Gathers output as bytes and hands it on in large pieces: no garbage, so that 30,000 objects need no memory of their own.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
/** What a pipe holds (pipe(7)). */
const PIECE_BYTES = 64 * 1024;

export class ByteWriter {
  readonly #bytes: Uint8Array;
  readonly #size: number;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #encoder = new TextEncoder();
  #at = 0;

  /** `write` must be done with the bytes when it returns: they are overwritten afterwards. */
  constructor(write: (bytes: Uint8Array) => void, pieceBytes = PIECE_BYTES) {
    this.#write = write;
    this.#size = pieceBytes;
    this.#bytes = new Uint8Array(pieceBytes);
  }

  /** Text of ASCII characters only, as it is. */
  ascii(text: string): void {
    const { length } = text;
    if (this.#at + length > this.#size) {
      this.text(text);
      return;
    }
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    this.#at = at + length;
  }

  /** Any text, as it is, in UTF-8. */
  text(text: string): void {
    if (this.#at + text.length * 3 > this.#size) this.flush();
    if (text.length * 3 > this.#size) {
      this.#write(this.#encoder.encode(text));
      return;
    }
    this.#at += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#at)).written;
  }

  /** The text as a JSON string, with its quotes. */
  string(text: string): void {
    const { length } = text;
    if (this.#at + length + 2 > this.#size) {
      this.text(JSON.stringify(text));
      return;
    }
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.text(JSON.stringify(text));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at] = QUOTE;
    this.#at = at + 1;
  }

  /** A number as JSON writes it. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || Math.abs(value) > 0x3fffffff) {
      this.ascii(JSON.stringify(value));
      return;
    }
    if (this.#at + 11 > this.#size) this.flush();
    const bytes = this.#bytes;
    let rest = value | 0;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    let digits = 1;
    for (let power = 10; power <= rest; power *= 10) digits++;
    this.#at += digits;
    let at = this.#at;
    do {
      const quotient = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - quotient * 10;
      rest = quotient;
    } while (rest > 0);
  }

  /** Bytes as they are. */
  raw(content: Uint8Array): void {
    if (this.#at + content.length > this.#size) this.flush();
    if (content.length > this.#size) {
      this.#write(content);
      return;
    }
    this.#bytes.set(content, this.#at);
    this.#at += content.length;
  }

  /** Hands on what was gathered. */
  flush(): void {
    if (this.#at > 0) this.#write(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
  }
}
