// What a witness knows of the objects of one sample, weighed with what lives now: once for each object that nobody holds.
import type { Libc } from '../../native/libc.ts';
import { identityOf } from '../model/life/identity-of.ts';
import type { Knowledge, KnownLives } from '../model/life/life.ts';
import type { Present } from '../model/life/present.ts';
import { type Weighed, type Witnessing, weighLife } from '../model/life/weigh.ts';
import { once } from '../model/once.ts';
import type { Io } from '../source/io.ts';
import { type PresentMachine, type PresentOptions, presentMachine } from '../source/present-machine.ts';
import { WitnessFile } from '../source/witness-file.ts';

/** What a sampler asks of a witness. It is handed over (`OpenWitness`), so that who has none loads nothing of this. */
export interface WitnessSight {
  /** See `WitnessFile.lives`. */
  readonly lives: (id: string) => KnownLives | string;
  /** For one sample; undefined: nothing is known. */
  readonly weigh: (machine: PresentOptions, times: Pick<Present, 'nowMs' | 'minAgeSec'>) => Witnessing | undefined;
}

export type OpenWitness = (io: Io, libc: Libc | undefined) => WitnessSight;

/** `folders`: see `witnessFolders` (files/homes.ts). */
export function witnessIn(folders: readonly string[]): OpenWitness {
  return (io, libc) => {
    const file = new WitnessFile(folders, io, libc);
    return {
      lives: (id) => file.lives(id),
      weigh: (machine, times) =>
        witnessing(
          file.knowledge(),
          once(() => presentMachine(machine)),
          times,
        ),
    };
  };
}

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
