// Whether a JSON text that others may have written is worth parsing: how deep it is and how much memory its values would take.

export interface JsonBounds {
  readonly mostDepth: number;
  /** Objects and lists: three bytes of text become sixty of memory. */
  readonly mostContainers: number;
  readonly mostValues: number;
}

/** A snapshot has 8 levels; of half a million objects it has 4 million containers and 16 million values. */
const USUAL_BOUNDS: JsonBounds = { mostDepth: 32, mostContainers: 4_000_000, mostValues: 24_000_000 };

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads the bytes once, without making anything of them (about 2 ns each). What is no JSON may pass: that is the parser's to say.
 * `JSON.parse` itself cannot be stopped, and memory that runs out ends the program.
 */
export function isModest(bytes: Uint8Array, bounds: JsonBounds = USUAL_BOUNDS): boolean {
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at++;
        while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
        break;
      case COMMA:
        values++;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        containers++;
        if (++depth > bounds.mostDepth) return false;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return containers <= bounds.mostContainers && values <= bounds.mostValues;
}
