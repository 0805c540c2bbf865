// Puts the programs into a copy of Node (elf(5), 64 bits, little endian): a segment with the code that runs first, and one with the
// blob of the programs as the note that Node looks for. What is there stays where it is; only the table of segments moves to the end.
// postject does the same for the note, with 3 MB of another library, and lays the whole file out anew; it could not add the code.

const EHDR_BYTES = 64;
const PHDR_BYTES = 56;
const PT = { load: 1, note: 4, phdr: 6 };
const READ = 4;
const EXECUTE = 1;
/** The largest page of arm64. */
const PAGE = 0x10000;
const NOTE_NAME = 'NODE_SEA_BLOB\0';
/** Node looks whether the last character is a 1. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0';

/**
 * `node`: the executable. `code`: position-independent, without relocations, for its processor; it runs before the first instruction of Node and has to go
 * on there; three words are appended to it: the distance from its first byte to `inner`, the size of `inner`, the distance to Node's start.
 * `inner`: bytes that are found once in `blob`.
 */
export function embed(node, { blob, code, inner }) {
  const header = Buffer.from(node.subarray(0, EHDR_BYTES));
  if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') throw new Error('no ELF file of 64 bits, little endian');
  const segments = readSegments(node, header);
  const loads = segments.filter(({ type }) => type === PT.load);
  const base = loads[0].address - loads[0].offset;
  const endOfMemory = Math.max(...loads.map(({ address, memoryBytes }) => address + memoryBytes));
  // The same distance between file and memory as at the beginning: Linux before 5.18 computes the address of the table that way.
  const at = upTo(Math.max(node.length, endOfMemory - base), PAGE);

  const table = (segments.length + 3) * PHDR_BYTES;
  const codeAt = upTo(at + table, 16);
  const words = Buffer.alloc(24);
  const noteAt = upTo(codeAt + code.length + words.length, PAGE);
  const note = noteHead(blob.length);
  const innerAt = blob.indexOf(inner);
  if (innerAt < 0) throw new Error('the binary of koffi is not in the blob');
  const start = Number(header.readBigUInt64LE(24));
  words.writeBigInt64LE(BigInt(noteAt + note.length + innerAt - codeAt), 0);
  words.writeBigInt64LE(BigInt(inner.length), 8);
  words.writeBigInt64LE(BigInt(start - (base + codeAt)), 16);

  const codeBytes = codeAt - at + code.length + words.length;
  const noteBytes = note.length + blob.length;
  const moved = segments.map((segment) =>
    segment.type === PT.phdr ? { ...segment, ...place(at, table, base) } : segment,
  );
  const added = [
    { type: PT.load, flags: READ | EXECUTE, ...place(at, codeBytes, base), align: PAGE },
    { type: PT.load, flags: READ, ...place(noteAt, noteBytes, base), align: PAGE },
    { type: PT.note, flags: READ, ...place(noteAt, noteBytes, base), align: 4 },
  ];
  const lastLoad = moved.findLastIndex(({ type }) => type === PT.load);
  // Those to load stand in the order of their addresses.
  const all = [...moved.slice(0, lastLoad + 1), ...added.slice(0, 2), ...moved.slice(lastLoad + 1), added[2]];

  const file = Buffer.alloc(noteAt + noteBytes);
  node.copy(file);
  for (const [index, segment] of all.entries()) writeSegment(file, at + index * PHDR_BYTES, segment);
  code.copy(file, codeAt);
  words.copy(file, codeAt + code.length);
  note.copy(file, noteAt);
  blob.copy(file, noteAt + note.length);
  file.writeBigUInt64LE(BigInt(base + codeAt), 24); // e_entry
  file.writeBigUInt64LE(BigInt(at), 32); // e_phoff
  file.writeUInt16LE(all.length, 56); // e_phnum
  lightFuse(file);
  return file;
}

function readSegments(node, header) {
  const offset = Number(header.readBigUInt64LE(32));
  const word = (at) => Number(node.readBigUInt64LE(at));
  return Array.from({ length: header.readUInt16LE(56) }, (_, index) => {
    const at = offset + index * PHDR_BYTES;
    return {
      type: node.readUInt32LE(at),
      flags: node.readUInt32LE(at + 4),
      offset: word(at + 8),
      address: word(at + 16),
      physical: word(at + 24),
      fileBytes: word(at + 32),
      memoryBytes: word(at + 40),
      align: word(at + 48),
    };
  });
}

function writeSegment(file, at, { type, flags, offset, address, physical, fileBytes, memoryBytes, align }) {
  file.writeUInt32LE(type, at);
  file.writeUInt32LE(flags, at + 4);
  for (const [index, word] of [offset, address, physical, fileBytes, memoryBytes, align].entries())
    file.writeBigUInt64LE(BigInt(word), at + 8 + index * 8);
}

const place = (offset, bytes, base) => ({
  offset,
  address: base + offset,
  physical: base + offset,
  fileBytes: bytes,
  memoryBytes: bytes,
});

/** elf(5), Elf64_Nhdr: the name padded to four bytes. */
function noteHead(bytes) {
  const head = Buffer.alloc(12 + upTo(NOTE_NAME.length, 4));
  head.writeUInt32LE(NOTE_NAME.length, 0);
  head.writeUInt32LE(bytes, 4);
  head.write(NOTE_NAME, 12, 'latin1');
  return head;
}

function lightFuse(file) {
  const found = file.indexOf(FUSE);
  if (found < 0 || file.indexOf(FUSE, found + 1) >= 0)
    throw new Error('this Node does not look for a program in itself');
  file.write('1', found + FUSE.length - 1, 'latin1');
}

const upTo = (value, step) => Math.ceil(value / step) * step;
