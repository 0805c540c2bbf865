// Keeps the largest of many names in bounded memory, and counts the others.
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import type { WalkLimits } from './limits.ts';

/** So much more than what may be kept is gathered before the rest is thrown away. */
const SLACK = 1.25;

export class Largest {
  readonly #limits: Pick<WalkLimits, 'names' | 'pathBytes'>;
  #entries: ShmEntry[] = [];
  #pathBytes = 0;
  #dropped = 0;
  /** Once there were too many: what takes no more than this is not kept. */
  #leastBytes = -1;

  constructor(limits: Pick<WalkLimits, 'names' | 'pathBytes'>) {
    this.#limits = limits;
  }

  /** Would something of this size be kept? If not it is counted, and need not be added. */
  wants(allocatedBytes: number): boolean {
    if (allocatedBytes > this.#leastBytes) return true;
    this.#dropped++;
    return false;
  }

  add(entry: ShmEntry): void {
    this.#entries.push(entry);
    this.#pathBytes += entry.name.length;
    const { names, pathBytes } = this.#limits;
    // Sorted now and then, not for each.
    if (this.#entries.length >= SLACK * names || this.#pathBytes >= SLACK * pathBytes) this.#shrink();
  }

  end(): { readonly entries: readonly ShmEntry[]; readonly dropped: number } {
    const { names, pathBytes } = this.#limits;
    if (this.#entries.length > names || this.#pathBytes > pathBytes) this.#shrink();
    return { entries: this.#entries, dropped: this.#dropped };
  }

  #shrink(): void {
    const { names, pathBytes } = this.#limits;
    const before = this.#entries.length;
    // The sort is stable: of those alike the first met stay, so that the same are shown at each look.
    this.#entries.sort((a, b) => b.allocatedBytes - a.allocatedBytes);
    let kept = 0;
    let bytes = 0;
    while (kept < Math.min(names, before) && bytes + this.#entries[kept].name.length <= pathBytes) {
      bytes += this.#entries[kept].name.length;
      kept++;
    }
    this.#leastBytes = kept > 0 ? this.#entries[kept - 1].allocatedBytes : Number.POSITIVE_INFINITY;
    this.#entries.length = kept;
    this.#pathBytes = bytes;
    this.#dropped += before - kept;
  }
}
