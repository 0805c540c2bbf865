// What a witness knows of the objects of one sample, weighed with what lives now: once for each object that nobody holds.

import { identityOf } from '../model/life/identity-of.ts';
import type { Knowledge } from '../model/life/life.ts';
import type { Present } from '../model/life/present.ts';
import { type Weighed, type Witnessing, weighLife } from '../model/life/weigh.ts';
import type { PresentMachine } from '../source/present-machine.ts';

/** `machine` is called only where something is known. */
export function witnessing(
  knowledge: Knowledge | undefined,
  machine: () => PresentMachine,
  { nowMs, minAgeSec }: Pick<Present, 'nowMs' | 'minAgeSec'>,
): Witnessing | undefined {
  const watch = knowledge?.watch;
  if (!knowledge || !watch) return undefined;
  const known = new Map<string, Weighed | undefined>();
  return (object) => {
    const identity = identityOf(object);
    if (identity === undefined) return undefined;
    if (!known.has(identity)) {
      const life = knowledge.lifeOf(object);
      const { usedSec, lastUserPid } = object;
      const weighed = life && weighLife(life, watch, { ...machine(), nowMs, minAgeSec, usedSec, lastUserPid });
      known.set(identity, weighed);
    }
    return known.get(identity);
  };
}
