// Events as the kernel and its users could make them.
import fc from 'fast-check';
import { escapeBytes } from '../../src/probe/model/bytes.ts';
import { EVENT_NAMES, EVENT_SOURCES, type ShmEvent } from '../../src/probe/model/event/event.ts';
import { byteString } from '../cli/arbitrary-object.ts';

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

export const anyEvent: fc.Arbitrary<ShmEvent> = fc
  .record({
    atMs: fc.integer({ min: 0, max: 253_402_300_799_000 }),
    event: fc.constantFrom(...EVENT_NAMES),
    source: fc.constantFrom(...EVENT_SOURCES),
    count: fc.integer({ min: 1, max: 1e9 }),
    kind: fc.constantFrom('sysv' as const, 'posix' as const, 'memfd' as const),
    number: fc.nat(),
    name: byteString.map((name) => name.slice(0, 255)),
    pid: optional(fc.integer({ min: 1, max: 4_194_304 })),
    comm: optional(byteString),
    nattch: optional(fc.nat()),
    sizeBytes: optional(fc.maxSafeNat()),
    detail: optional(fc.constantFrom('by fork of 17', 'ring overrun')),
  })
  .map(({ kind, number, name, ...event }): ShmEvent => {
    if (kind === 'sysv') {
      return { ...event, kind, rawName: '0x0052e2c1', id: `sysv:4026531839:${number}`, shortId: `sysv:${number}` };
    }
    const id = `${kind}:0:27:${number}`;
    if (kind === 'memfd') return { ...event, kind, rawName: `memfd:${name}`, id, shortId: id };
    return { ...event, kind, rawName: `/${name}`, id, shortId: `posix:${escapeBytes(`/${name}`)}` };
  });
