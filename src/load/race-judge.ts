// Judging what a reader finds that does not synchronise with the writer: each look is a new message, damage, or old news.
import type { VerifyLevel } from './model/options.ts';
import { type Pattern, windowOf } from './pattern.ts';
import { makeComparison } from './verify.ts';

/** Counts of looks: `looks` = `fresh` + `torn` + `repeated` + `stale`; `lost` are messages that no look found. */
export interface RaceFindings {
  looks: number;
  /** Whole, and newer than all before. */
  fresh: number;
  checkedFull: number;
  /** Parts of two messages. */
  torn: number;
  /** Were skipped: the slot had been written again before anybody looked. */
  lost: number;
  /** The message that the last look into this slot found too. */
  repeated: number;
  /** Whole, but older than one that was seen before; or nothing was there yet. */
  stale: number;
}

/** Judges the message in `copy`, which was found in slot `slot`. Every byte is compared, but with `seq` and `off`. */
export function makeRaceJudge(
  level: VerifyLevel,
  copy: Uint8Array<ArrayBuffer>,
  geometry: { readonly sizeBytes: number; readonly strideBytes: number; readonly slots: number },
  pattern: Pattern,
  first: number,
): { readonly judge: (slot: number) => void; readonly findings: RaceFindings } {
  const { sizeBytes, strideBytes, slots } = geometry;
  const findings: RaceFindings = { looks: 0, fresh: 0, checkedFull: 0, torn: 0, lost: 0, repeated: 0, stale: 0 };
  const words = new Int32Array(copy.buffer, copy.byteOffset, copy.byteLength >> 2);
  const last = (sizeBytes >> 2) - 1;
  const comparesBody = (level === 'full' || level === 'sample') && sizeBytes > 8;
  const isSame = makeComparison(words, copy, strideBytes, sizeBytes, pattern);
  const seen = new Int32Array(slots).fill((first - 1) | 0);
  let newest = (first - 1) | 0;
  const judge = (slot: number) => {
    findings.looks++;
    const sequence = words[0];
    if (comparesBody) findings.checkedFull++;
    const isWhole = sequence === words[last] && (!comparesBody || isSame(0, windowOf(sequence)));
    if (!isWhole) {
      // Memory that nobody has written yet is not damage.
      if (sequence === 0 && words[last] === 0 && (sizeBytes <= 8 || words[1] === 0)) findings.stale++;
      else findings.torn++;
      return;
    }
    const ahead = (sequence - newest) | 0;
    if (ahead > 0) {
      findings.fresh++;
      findings.lost += ahead - 1;
      newest = sequence;
    } else if (seen[slot] === sequence) findings.repeated++;
    else findings.stale++;
    seen[slot] = sequence;
  };
  return { judge, findings };
}
