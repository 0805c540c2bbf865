// One sampler over many ticks: what it keeps from the tick before never changes what it says.
import { readFileSync, renameSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sampler, type SamplerOptions } from '../../../src/probe/look/sampler.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import type { Snapshot } from '../../../src/probe/model/snapshot.ts';
import { type Fixture, openFixture } from '../../support/fixture.ts';

const segmentsOf = ({ objects }: Snapshot) => objects.filter(({ kind }) => kind === 'sysv');
const byShmid = (snapshot: Snapshot, shmid: number): ShmObject | undefined =>
  segmentsOf(snapshot).find((object) => object.shmid === shmid);

/** Everything of a snapshot but the usage of the disk under the fixture and what reading itself changes. */
const lasting = ({ objects, visibility, gaps, takenAtMs }: Snapshot) => ({
  objects: objects.map((object) => (object.kind === 'sysv' ? object : { ...object, atimeSec: undefined })),
  visibility,
  gaps,
  takenAtMs,
});

class Ticking implements Disposable {
  nowMs: number;
  readonly fixture: Fixture;
  readonly options: SamplerOptions;
  readonly sampler: Sampler;

  constructor(fixture: Fixture, more: SamplerOptions) {
    this.fixture = fixture;
    this.nowMs = fixture.takenAtMs;
    const { procRoot, shmRoot } = fixture;
    this.options = { procRoot, shmRoot, nowMs: () => this.nowMs, ...more };
    this.sampler = new Sampler(this.options);
  }

  [Symbol.dispose](): void {
    this.fixture[Symbol.dispose]();
  }

  tick(): Snapshot {
    return this.sampler.sample();
  }

  /** What a sampler says that has never looked before. */
  fresh(): Snapshot {
    return new Sampler(this.options).sample();
  }
}

/** Without resident bytes, as an old kernel prints the table: only then is a segment kept from tick to tick. */
function withoutRss(fixture: Fixture): void {
  fixture.edit('sysvipc/shm', (text) => text.replace(/(?: +\d+){2}$/gm, ''));
}

describe.each([true, false])('with resident bytes: %s', (rss) => {
  function open(name: string, minAgeSec?: number): Ticking {
    const fixture = openFixture(name);
    if (!rss) withoutRss(fixture);
    return new Ticking(fixture, { rss, minAgeSec });
  }

  test('a segment whose creator dies between two ticks becomes an orphan, and nothing else changes', () => {
    using ticking = open('linux-6.18', 0);
    const { fixture } = ticking;
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('unheld');
    fixture.remove('700');
    expect(byShmid(ticking.tick(), 1)).toMatchObject({ creator: { state: 'dead' }, verdict: { state: 'orphaned' } });
  });

  test('a segment that was orphaned is not so any more once somebody attaches it, and not again while he lives', () => {
    using ticking = open('linux-6.1');
    const { fixture } = ticking;
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('orphaned');
    const line = /^(-173342718 .* )9999 {5}0 {6}0(.*)$/m;
    fixture.edit('sysvipc/shm', (text) => text.replace(line, '$19999   700      1$2'));
    expect(byShmid(ticking.tick(), 1)).toMatchObject({ nattch: 1, verdict: { state: 'in-use' } });
    fixture.edit('sysvipc/shm', (text) => text.replace(/9999 {3}700 {6}1/, '9999   700      0'));
    expect(byShmid(ticking.tick(), 1)).toMatchObject({
      nattch: 0,
      lastUser: { state: 'alive' },
      verdict: { state: 'unheld' },
    });
  });

  test('a young segment of a dead creator becomes an orphan by time alone', () => {
    using ticking = open('linux-6.1', 10_000);
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('unheld');
    ticking.nowMs += 10_000_000;
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('orphaned');
  });

  test('a clock that was set back between two ticks leaves nothing orphaned whose times now lie in the future', () => {
    using ticking = open('linux-6.1');
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('orphaned');
    ticking.nowMs -= 86_400_000;
    expect(byShmid(ticking.tick(), 1)?.verdict.state).toBe('unheld');
  });

  test('snapshots that were given out do not change with later ticks', () => {
    using ticking = open('linux-6.18');
    const { fixture } = ticking;
    const first = ticking.tick();
    const copy = structuredClone(first);
    fixture.remove('700');
    fixture.edit('sysvipc/shm', (text) => text.replace('  12117', '  99999'));
    ticking.tick();
    expect(first).toEqual(copy);
  });
});

test('where nothing changes a segment is the same object as before, so that it can be compared at no cost', () => {
  using fixture = openFixture('linux-6.1');
  withoutRss(fixture);
  const ticking = new Ticking(fixture, { rss: false });
  const first = byShmid(ticking.tick(), 1);
  ticking.nowMs += 1000;
  expect(byShmid(ticking.tick(), 1)).toBe(first);
});

test('after any changes a sampler that has looked before says what one says that has not', () => {
  const pids = ['700', '702', '703', '704'];
  const step = fc.oneof(
    fc.record({ what: fc.constant('process' as const), pid: fc.constantFrom(...pids) }),
    fc.record({
      what: fc.constant('field' as const),
      line: fc.nat(5),
      field: fc.integer({ min: 0, max: 15 }),
      to: fc.nat(9),
    }),
    fc.record({ what: fc.constant('remove' as const), line: fc.nat(5) }),
    fc.record({ what: fc.constant('restore' as const) }),
    fc.record({ what: fc.constant('time' as const), seconds: fc.integer({ min: -50_000, max: 200_000 }) }),
    fc.record({
      what: fc.constant('stat' as const),
      pid: fc.constantFrom('700', '704'),
      state: fc.constantFrom('S', 'Z'),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.boolean(), (steps, rss) => {
      using fixture = openFixture('linux-6.1');
      if (!rss) withoutRss(fixture);
      const ticking = new Ticking(fixture, { rss, minAgeSec: 3600 });
      const table = readFileSync(fixture.proc('sysvipc/shm'), 'latin1');
      const gone = new Set<string>();
      ticking.tick();
      for (const change of steps) {
        if (change.what === 'process') toggle(fixture, change.pid, gone);
        else if (change.what === 'time') ticking.nowMs += change.seconds * 1000;
        else if (change.what === 'restore') fixture.edit('sysvipc/shm', () => table);
        else if (change.what === 'stat') {
          if (!gone.has(change.pid))
            fixture.edit(`${change.pid}/stat`, (text) => text.replace(/\) [SZ] /, `) ${change.state} `));
        } else fixture.edit('sysvipc/shm', (text) => changeLine(text, change));
        expect(lasting(ticking.tick())).toEqual(lasting(ticking.fresh()));
      }
    }),
    { numRuns: 25 },
  );
});

/** A process goes, or one with the same pid and start time comes back. */
function toggle(fixture: Fixture, pid: string, gone: Set<string>): void {
  const [here, away] = [fixture.proc(pid), `${fixture.procRoot}-${pid}`];
  if (gone.delete(pid)) renameSync(away, here);
  else {
    renameSync(here, away);
    gone.add(pid);
  }
}

function changeLine(
  text: string,
  change: { what: 'field' | 'remove'; line: number; field?: number; to?: number },
): string {
  const lines = text.split('\n');
  const at = 1 + change.line;
  if (at >= lines.length - 1) return text;
  if (change.what === 'remove') return [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n');
  const fields = lines[at].trim().split(/ +/);
  fields[change.field ?? 0] = String(change.to);
  lines[at] = fields.join(' ');
  return lines.join('\n');
}
