// Bytes as hexdump(1) -C shows them: offset, sixteen bytes, their ASCII; a repeated line becomes one `*`.

const LINE_BYTES = 16;
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** Dumps a stream of chunks that start at `offset`; yields lines without line ends. */
export function* formatHexdump(chunks: Iterable<Uint8Array>, offset: number): Generator<string> {
  const line = new Uint8Array(LINE_BYTES);
  let filled = 0;
  let at = offset;
  let previous = '';
  let isSkipping = false;
  for (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const take = Math.min(LINE_BYTES - filled, chunk.length - from);
      line.set(chunk.subarray(from, from + take), filled);
      filled += take;
      from += take;
      if (filled < LINE_BYTES) continue;
      const text = formatLine(line);
      if (text !== previous) yield `${hex(at, 8)}  ${text}`;
      else if (!isSkipping) yield '*';
      isSkipping = text === previous;
      previous = text;
      at += LINE_BYTES;
      filled = 0;
    }
  }
  if (filled > 0) yield `${hex(at, 8)}  ${formatLine(line.subarray(0, filled))}`;
  yield hex(at + filled, 8);
}

function formatLine(bytes: Uint8Array): string {
  let digits = '';
  let letters = '';
  for (let at = 0; at < LINE_BYTES; at++) {
    if (at === LINE_BYTES / 2) digits += ' ';
    const byte = bytes[at];
    digits += byte === undefined ? '   ' : `${hex(byte, 2)} `;
    if (byte !== undefined) letters += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return `${digits} |${letters}|`;
}
