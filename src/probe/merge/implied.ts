// Detaches that were told from one source (an exit, an exec) and that another will tell again a moment later.

const KEPT_MS = 1000;

/** Counts by process and inode; what is not taken within a second is forgotten. */
export class ImpliedDetaches {
  readonly #counts = new Map<string, { count: number; untilMs: number }>();
  #cleanedMs = 0;

  add(pid: number, inode: number, count: number, nowMs: number): void {
    if (count <= 0) return;
    if (nowMs - this.#cleanedMs > KEPT_MS) this.#clean(nowMs);
    const key = `${pid}:${inode}`;
    const known = this.#counts.get(key);
    if (known && known.untilMs >= nowMs) known.count += count;
    else this.#counts.set(key, { count, untilMs: nowMs + KEPT_MS });
  }

  /** True when such a detach was told already; takes it once. */
  take(pid: number, inode: number, nowMs: number): boolean {
    const key = `${pid}:${inode}`;
    const known = this.#counts.get(key);
    if (!known || known.untilMs < nowMs) return false;
    if (--known.count === 0) this.#counts.delete(key);
    return true;
  }

  #clean(nowMs: number): void {
    this.#cleanedMs = nowMs;
    for (const [key, { untilMs }] of this.#counts) if (untilMs < nowMs) this.#counts.delete(key);
  }
}
