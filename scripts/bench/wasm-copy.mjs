// A small module of WebAssembly that copies messages, put together by hand, and memory for it that is a segment: for copy-ways.mjs.
// V8 has no way to make a WebAssembly.Memory of memory that exists; but a segment can be mapped over the pages of one (mmap(2) MAP_FIXED).

const I32 = 0x7f;
const unsigned = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)]);
const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)]);
const list = (items) => [...unsigned(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const number = (n) => [0x41, ...signed(n)];
const [ADD, SUB, MUL, OR, XOR, LESS, END] = [0x6a, 0x6b, 0x6c, 0x72, 0x73, 0x49, 0x0b];
const store = [0x36, 2, 0];
const load = [0x28, 2, 0];
const wideLoad = (offset) => [0xfd, 0, 4, ...unsigned(offset)];
const wideStore = (offset) => [0xfd, 11, 4, ...unsigned(offset)];
const [WIDE_XOR, WIDE_OR, WIDE_ANY] = [[0xfd, 81], [0xfd, 80], [0xfd, 83]]; // biome-ignore format: a row
const COPY = [0xfc, 10, 0, 0];
const loop = (...body) => [0x03, 0x40, ...body, END];
const again = (condition) => [...condition, 0x0d, 0];
const move = (local, by) => [...get(local), ...by, ADD, ...set(local)];

function makeFunction(params, locals, wides, results, body) {
  const groups = [locals ? [locals, I32] : [], wides ? [wides, 0x7b] : []].filter((group) => group.length > 0);
  const code = [...list(groups), ...body.flat(Infinity), END];
  const type = [0x60, ...list(Array(params).fill([I32])), ...list(Array(results).fill([I32]))];
  return { type, code: [...unsigned(code.length), ...code] };
}

// write(to, size, table, window, sequence, count, step): windows so far apart, both stamps; then from, and the place and the end of a wide
// copy.
const writing = (copy) =>
  makeFunction(7, 3, 0, 0, [
    loop(
      [...get(2), ...get(3), ...get(6), MUL, ADD, ...set(7)],
      copy,
      [...get(0), ...get(4), ...store, ...get(0), ...get(1), ADD, ...number(4), SUB, ...get(4), ...store],
      move(0, get(1)),
      move(4, number(1)),
      [...get(3), ...number(1), ADD, ...tee(3), ...number(61), 0x46, 0x04, 0x40, ...number(0), ...set(3), END],
      again([...get(5), ...number(1), SUB, ...tee(5)]),
    ),
  ]);
const byCopy = [...get(0), ...get(7), ...get(1), ...COPY];
const wideTurn = [0, 16, 32, 48, 64, 80, 96, 112].map((at) => [
  ...get(8),
  ...get(7),
  ...wideLoad(at),
  ...wideStore(at),
]);
const byWide = [
  [...get(0), ...set(8), ...get(0), ...get(1), ADD, ...set(9)],
  loop(wideTurn, move(7, number(128)), move(8, number(128)), again([...get(8), ...get(9), LESS])),
];
// take(to, from, length)
const take = makeFunction(3, 0, 0, 0, [get(0), get(1), get(2), COPY]);
const compareTurn = [0, 16].map((at) => [
  [...get(0), ...get(1), ...wideLoad(at), 0x22, 11, ...wideStore(at)],
  [0x20, 11, ...get(7), ...wideLoad(at), ...WIDE_XOR, 0x20, 12, ...WIDE_OR, 0x21, 12],
]);
// takeAndCompare(to, from, size, table, window, sequence, step) of 16: all but 16 bytes at both ends compared as they are copied; 0: right.
const takeAndCompare = makeFunction(7, 4, 2, 1, [
  [...get(5), ...set(10)],
  loop(
    [...get(3), ...get(4), ...get(6), MUL, ADD, ...number(16), ADD, ...set(7)],
    [...get(0), ...get(1), ...wideLoad(0), ...wideStore(0)],
    [...get(1), ...load, ...get(10), XOR, ...get(9), OR, ...set(9)],
    [...get(1), ...get(2), ADD, ...number(32), SUB, ...set(8), ...move(0, number(16)), ...move(1, number(16))],
    loop(
      compareTurn,
      move(0, number(32)),
      move(7, number(32)),
      again([...get(1), ...number(32), ADD, ...tee(1), ...get(8), LESS]),
    ),
    [...get(0), ...get(1), ...wideLoad(0), ...wideStore(0), ...move(0, number(16)), ...move(1, number(16))],
    [...get(1), ...number(4), SUB, ...load, ...get(10), XOR, ...get(9), OR, ...set(9)],
    move(10, number(1)),
    [...get(4), ...number(1), ADD, ...tee(4), ...number(61), 0x46, 0x04, 0x40, ...number(0), ...set(4), END],
    again([...get(10), ...get(5), ...number(16), ADD, LESS]),
  ),
  [...get(9), 0x20, 12, ...WIDE_ANY, OR],
]);

const functions = { write: writing(byCopy), writeWide: writing(byWide), take, takeAndCompare };
const names = (text) => list([...Buffer.from(text)].map((byte) => [byte]));

/** The functions over `memory`. */
export function copiesOver(memory) {
  const all = Object.entries(functions);
  const bytes = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, list(all.map(([, { type }]) => type))),
    section(2, [1, ...names('e'), ...names('m'), 2, 0, 1]),
    section(3, list(all.map((_, index) => [index]))),
    section(7, list(all.map(([name], index) => [...names(name), 0, index]))),
    section(10, list(all.map(([, { code }]) => code))),
  ];
  const module = new WebAssembly.Module(new Uint8Array(bytes.flat()));
  return new WebAssembly.Instance(module, { e: { m: memory } }).exports;
}

const [PROT, MAP_SHARED, MAP_FIXED] = [3, 1, 0x10];

/** Memory whose first `lengthBytes` are the file behind `fd`, with `moreBytes` of its own after them. */
export function memoryOver(libc, fd, lengthBytes, moreBytes) {
  const pages = (lengthBytes + moreBytes) / 65_536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const address = Number(libc.koffi.address(new Uint8Array(memory.buffer)));
  const mapped = Number(libc.raw.mmap(address, lengthBytes, PROT, MAP_SHARED | MAP_FIXED, fd, 0));
  if (mapped !== address) throw new Error('the segment cannot be mapped over the memory');
  return memory;
}
