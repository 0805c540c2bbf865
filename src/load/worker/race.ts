// The consumer of mode none: looks into one slot after the other, as fast as it can, and never knows whether it should.
import { COUNTER } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { makeRaceJudge } from '../race-judge.ts';
import { makeReader } from './reader.ts';
import type { Role } from './role.ts';

const LOOKS = 64;

/** Runs until the parent or the time is gone. What was found is counted; nothing of it can be wrong, as nothing was promised. */
export function watchRace({ view, setup, sync, beat, access }: Role): void {
  const { slots, strideBytes, verify, sizeBytes, seed, group, first } = setup;
  const counters = view.consumer;
  const copy = access?.copy ?? new Uint8Array(strideBytes);
  const take = access?.take ?? makeReader(view, setup, copy);
  const { judge, findings } = makeRaceJudge(verify, copy, setup, makePattern(sizeBytes, seed, group), first);
  let slot = first & (slots - 1);
  do {
    for (let look = 0; look < LOOKS; look++) {
      take(slot, 1);
      judge(slot);
      slot = (slot + 1) & (slots - 1);
    }
    sync.release(0);
    counters[COUNTER.messages] = findings.fresh;
    counters[COUNTER.verified] = findings.looks;
    counters[COUNTER.checkedFull] = findings.checkedFull;
    counters[COUNTER.torn] = findings.torn;
    counters[COUNTER.lost] = findings.lost;
    counters[COUNTER.repeated] = findings.repeated;
    counters[COUNTER.stale] = findings.stale;
  } while (beat.tick());
  beat.now();
}
