// Verdicts of the many segments of one sample: those that are alike in everything that matters share one.

import { type Maker, newestSec, type Verdict } from '../object.ts';
import type { SoftwareRow } from './software.ts';
import type { SysvCase, VerdictContext } from './verdict-case.ts';
import { judgeSysv } from './verdict-segment.ts';
import { youth } from './verdict-veto.ts';

/** Judges many segments of one sample: those alike in everything that matters share one verdict. */
export class VerdictBook {
  readonly #known = new Map<Maker, Map<Maker | undefined, Map<SoftwareRow | undefined, Map<string, Verdict>>>>();
  #last:
    | { creator: Maker; lastUser: Maker | undefined; software?: SoftwareRow; usedSec: number; verdict: Verdict }
    | undefined;

  /** As `judgeSysv`; makers are shared objects too (MakerBook). */
  judge(segment: SysvCase, context: VerdictContext): Verdict {
    if (segment.nattch > 0 || segment.holderCount > 0 || segment.witnessed) return judgeSysv(segment, context);
    const { creator, lastUser, software } = segment;
    const usedSec = newestSec(segment);
    const last = this.#last;
    if (
      last?.creator === creator &&
      last.lastUser === lastUser &&
      last.usedSec === usedSec &&
      last.software === software?.row
    ) {
      return last.verdict;
    }
    const verdict = this.#find(segment, context);
    this.#last = { creator, lastUser, software: software?.row, usedSec, verdict };
    return verdict;
  }

  #find(segment: SysvCase, context: VerdictContext): Verdict {
    const { creator, lastUser, software } = segment;
    const ofCreator = getOrMake(
      this.#known,
      creator,
      newMap<Maker | undefined, Map<SoftwareRow | undefined, Map<string, Verdict>>>,
    );
    const ofLastUser = getOrMake(ofCreator, lastUser, newMap<SoftwareRow | undefined, Map<string, Verdict>>);
    const ofSoftware = getOrMake(ofLastUser, software?.row, newMap<string, Verdict>);
    const young = youth(segment, context, software);
    const age = young ? `${young.code} ${young.seconds} ${young.limitSeconds}` : '';
    return getOrMake(ofSoftware, age, () => judgeSysv(segment, context));
  }
}

const newMap = <Key, Value>() => new Map<Key, Value>();

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
