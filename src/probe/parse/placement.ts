// Lines of /proc/PID/numa_maps (numa(7)) and /proc/PID/smaps (proc_pid_smaps(5)), of the mappings that are wanted.
import type { PlacedRange } from '../model/placement.ts';

type Nodes = Pick<PlacedRange, 'nodes' | 'pageBytes'>;

const MOST_NODES = 1024;

/** `7f12000 default file=/SYSV… dirty=1 N0=3 N1=1 kernelpagesize_kB=4`: counts are of pages of that size. A name cannot have a blank in it. */
export function parseNumaLine(line: string): { readonly start: number; readonly nodes: Nodes } | undefined {
  const start = /^([0-9a-f]{1,16}) /.exec(line)?.[1];
  if (start === undefined) return undefined;
  const kib = / kernelpagesize_kB=(\d{1,9})(?: |$)/.exec(line)?.[1];
  const pageBytes = kib === undefined ? undefined : Number(kib) * 1024;
  const nodes: { node: number; bytes: number }[] = [];
  for (const [, node, pages] of line.matchAll(/ N(\d{1,4})=(\d{1,12})(?= |$)/g)) {
    if (nodes.length < MOST_NODES) nodes.push({ node: Number(node), bytes: Number(pages) * (pageBytes ?? 0) });
  }
  return {
    start: Number.parseInt(start, 16),
    nodes: pageBytes === undefined ? { nodes: [] } : { nodes, pageBytes },
  };
}

/** Of text in pieces: the mapping that its lines are about, then its Pss. */
export class PssLines {
  readonly #wanted: ReadonlySet<number>;
  readonly bytesOf = new Map<number, number>();
  #start: number | undefined;

  constructor(wanted: ReadonlySet<number>) {
    this.#wanted = wanted;
  }

  add(line: string): void {
    const header = /^([0-9a-f]{1,16})-[0-9a-f]{1,16} [r-][w-][x-][sp] /.exec(line)?.[1];
    if (header !== undefined) this.#start = Number.parseInt(header, 16);
    const { 1: kib } = /^Pss: +(\d{1,15}) kB$/.exec(line) ?? [];
    if (kib !== undefined && this.#start !== undefined && this.#wanted.has(this.#start)) {
      this.bytesOf.set(this.#start, Number(kib) * 1024);
    }
  }
}
