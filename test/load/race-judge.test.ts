// What a reader finds that does not synchronise: each look is counted as exactly what it was.
import { expect, it } from 'vitest';
import type { VerifyLevel } from '../../src/load/model/options.ts';
import { ringGeometry } from '../../src/load/model/ring.ts';
import { makePattern, windowOf } from '../../src/load/pattern.ts';
import { makeRaceJudge } from '../../src/load/race-judge.ts';

function setup(sizeBytes = 64, level: VerifyLevel = 'sample', first = 0) {
  const geometry = ringGeometry(sizeBytes);
  const pattern = makePattern(sizeBytes, 7);
  const copy = new Uint8Array(geometry.strideBytes);
  const { judge, findings } = makeRaceJudge(level, copy, geometry, pattern, first);
  const view = new DataView(copy.buffer);
  const find = (sequence: number, slot: number, damage = () => {}) => {
    const start = windowOf(sequence) * pattern.stepBytes;
    copy.set(pattern.bytes.subarray(start, start + sizeBytes));
    view.setInt32(0, sequence, true);
    view.setInt32(sizeBytes - 4, sequence, true);
    damage();
    judge(slot);
  };
  return { copy, view, find, judge, findings };
}

it('messages in order are fresh, and nothing else', () => {
  for (const first of [0, 0x7fffffff - 5]) {
    const { find, findings } = setup(64, 'full', first);
    for (let n = 0; n < 20; n++) find((first + n) | 0, n);
    expect(findings).toEqual({ looks: 20, fresh: 20, checkedFull: 20, torn: 0, lost: 0, repeated: 0, stale: 0 });
  }
});

it('a jump is lost messages, the same again is repeated, an older one that nobody saw is stale', () => {
  const { find, findings } = setup();
  find(0, 0);
  find(5, 1);
  expect(findings).toMatchObject({ fresh: 2, lost: 4 });
  find(5, 1);
  expect(findings).toMatchObject({ fresh: 2, repeated: 1, stale: 0 });
  find(3, 3);
  expect(findings).toMatchObject({ fresh: 2, repeated: 1, stale: 1 });
  expect(findings.looks).toBe(findings.fresh + findings.torn + findings.repeated + findings.stale);
});

it.each([64, 72, 1024, 4096])('two ends of two messages, and one changed byte, are torn (%i bytes)', (size) => {
  const { find, view, copy, findings } = setup(size);
  find(1, 0, () => view.setInt32(size - 4, 2, true));
  find(2, 1, () => {
    copy[size >> 1] ^= 1;
  });
  expect(findings).toMatchObject({ looks: 2, torn: 2, fresh: 0 });
});

it('memory that nobody has written yet is not damage', () => {
  const { judge, findings } = setup();
  judge(0);
  expect(findings).toMatchObject({ torn: 0, stale: 1, fresh: 0 });
});

it('with seq only the ends are compared', () => {
  const { find, copy, findings } = setup(64, 'seq');
  find(0, 0, () => {
    copy[30] ^= 1;
  });
  expect(findings).toMatchObject({ fresh: 1, torn: 0, checkedFull: 0 });
});
