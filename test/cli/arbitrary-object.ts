// Objects as the kernel and its users could make them, hostile in every field.
import fc from 'fast-check';
import { escapeBytes } from '../../src/probe/model/bytes.ts';
import { EVIDENCE_CODES, type Evidence } from '../../src/probe/model/judge/evidence.ts';
import {
  type Holder,
  KINDS,
  type Maker,
  type ShmObject,
  type SoftwareMatch,
  type Status,
  VERDICT_STATES,
} from '../../src/probe/model/object.ts';

/** Any bytes, as a ByteString; often text with controls, quotes, backslashes and UTF-8. */
export const byteString = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes)),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => String.fromCharCode(...new TextEncoder().encode(text))),
  fc
    .string({ unit: fc.constantFrom('\x1b', '\n', '\\', '"', 'x', '4', '1', ' ', 'é', '\xff', ','), maxLength: 30 })
    .map((text) => String.fromCharCode(...new TextEncoder().encode(text))),
);
const text = fc.string({ unit: 'binary', maxLength: 20 });
const size = fc.oneof(fc.nat(5000), fc.maxSafeNat());
const seconds = fc.oneof(
  fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
  fc.constantFrom(0, -1, 253_402_300_799, 253_402_300_800, 1.5, 9e15),
);
const id = fc.nat(0xffffffff);
const pid = fc.integer({ min: 1, max: 4_194_304 });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const container = fc.record({
  id: text,
  name: optional(text),
  runtime: fc.constantFrom('docker', 'podman'),
  uid: optional(fc.nat()),
  within: optional(text),
  image: optional(text),
  compose: optional(text),
  podUid: optional(text),
  pod: optional(text),
  podNamespace: optional(text),
});
const holder: fc.Arbitrary<Holder> = fc.record({
  pid,
  startTicks: optional(fc.nat()),
  comm: optional(byteString),
  uid: optional(id),
  user: optional(text),
  mappings: fc.array(
    fc.record({ start: fc.maxSafeNat(), end: fc.maxSafeNat(), perms: fc.constantFrom('rw-s', 'r--s', 'rw-p', '---s') }),
    { maxLength: 3 },
  ),
  fds: fc.array(fc.nat(), { maxLength: 3 }),
  ipcNamespace: optional(fc.nat().map(String)),
  container: optional(container),
  unit: optional(text),
  job: optional(text),
});
const maker: fc.Arbitrary<Maker> = fc.record({
  pid: optional(pid),
  state: fc.constantFrom('alive', 'zombie', 'dead', 'reused', 'invisible'),
  comm: optional(byteString),
});
const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    code: fc.constantFrom(...EVIDENCE_CODES),
    pid,
    comm: byteString,
    count: fc.nat(),
    seconds: fc.nat(),
    limitSeconds: fc.nat(),
    software: fc.constantFrom('PostgreSQL', 'X "11"'),
    detail: fc.constantFrom('socket', 'none of its processes runs'),
  },
  { requiredKeys: ['code'] },
);
const software: fc.Arbitrary<SoftwareMatch> = fc.record({
  name: fc.constantFrom('PostgreSQL', 'X "11"'),
  role: fc.constantFrom('interlock', 'größer'),
  outlives: fc.boolean(),
  removalBreaks: optional(fc.constant('all')),
  cleanup: optional(fc.constant('rm')),
  source: fc.constant('run'),
});

/** Fields are independent of each other: more than the kernel ever combines. */
export const arbitraryObject: fc.Arbitrary<ShmObject> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    number: fc.nat(),
    rawName: byteString,
    otherRawNames: optional(fc.array(byteString, { maxLength: 2 })),
    rawPath: optional(byteString),
    mountNamespace: optional(fc.constant('4026532201')),
    rootInode: optional(fc.nat()),
    onDisk: optional(text),
    onMemory: optional(fc.constantFrom('tmpfs', 'devtmpfs', 'ramfs', 'hugetlbfs')),
    type: optional(fc.constantFrom('file', 'semaphore', 'directory', 'symlink', 'fifo', 'socket', 'other')),
    links: optional(fc.nat(5)),
    sizeBytes: optional(size),
    rssBytes: optional(size),
    swapBytes: optional(size),
    allocatedBytes: optional(size),
    hugePageBytes: optional(fc.constant(2_097_152)),
    nattch: optional(fc.nat(9)),
    perms: optional(fc.constantFrom('600', '000', '777')),
    status: fc.subarray<Status>(['dest', 'locked', 'hugetlb']),
    uid: optional(id),
    user: optional(text),
    gid: optional(id),
    group: optional(text),
    cuid: optional(id),
    cgid: optional(id),
    creator: optional(maker),
    lastUser: optional(maker),
    atimeSec: optional(seconds),
    dtimeSec: optional(seconds),
    ctimeSec: optional(seconds),
    mtimeSec: optional(seconds),
    btimeSec: optional(seconds),
    holders: fc.array(holder, { maxLength: 3 }),
    hiddenMappings: optional(fc.integer({ min: 1, max: 9 })),
    software: optional(software),
    container: optional(container),
    verdict: fc.record({
      state: fc.constantFrom(...VERDICT_STATES),
      evidence: fc.array(evidence, { minLength: 1, maxLength: 3 }),
    }),
  })
  .map(({ number, ...fields }): ShmObject => {
    if (fields.kind === 'sysv') {
      const { rawName: _name, rawPath: _path, type: _type, links: _links, otherRawNames: _others, ...segment } = fields;
      const key = `0x${number.toString(16).padStart(8, '0')}`;
      const place = { shmid: number, key, ipcNamespace: '4026531839', rawName: key };
      return { ...segment, ...place, id: `sysv:4026531839:${number}`, shortId: `sysv:${number}` };
    }
    const full = `${fields.kind}:0:27:${number}`;
    const shortId = fields.kind === 'posix' ? `posix:${escapeBytes(`/${fields.rawName}`)}` : full;
    const rawName = fields.kind === 'posix' ? `/${fields.rawName}` : fields.rawName;
    return { ...fields, rawName, device: '0:27', inode: number, id: full, shortId };
  });
