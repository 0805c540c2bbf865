// Source: the segment tables of every IPC namespace, each second: what is there, what has gone, who used it last.
import type { GapList } from '../../probe/model/gap.ts';
import type { IpcDoor } from '../../probe/source/namespaces.ts';
import type { SegmentTableReader } from '../../probe/source/segment-tables.ts';
import type { RowTold } from '../model/seen.ts';

interface Known {
  readonly cpid: number;
  readonly lpid: number;
  readonly atimeSec: number;
  readonly sizeBytes: number;
  round: number;
}

export class SegmentWatch {
  readonly #reader: SegmentTableReader;
  /** By namespace; a table that could not be read is forgotten, so that its next look is a first one. */
  readonly #known = new Map<string, Map<number, Known>>();
  #round = 0;

  constructor(reader: SegmentTableReader) {
    this.#reader = reader;
  }

  /** Namespaces whose tables were read at the last look. */
  get namespaces(): readonly string[] {
    return [...this.#known.keys()];
  }

  has(ipcNamespace: string, shmid: number): boolean {
    return this.#known.get(ipcNamespace)?.has(shmid) ?? false;
  }

  look(
    ownNamespace: string,
    others: ReadonlyMap<string, IpcDoor>,
    gaps: GapList,
    atMs: number,
    use: (told: RowTold, wasThere: boolean) => void,
  ): void {
    const { rows, openNamespaces } = this.#reader.read({ ownNamespace, others, rss: false }, gaps);
    this.#round++;
    const first = new Set<string>();
    for (const namespace of openNamespaces) {
      if (this.#known.has(namespace)) continue;
      first.add(namespace);
      this.#known.set(namespace, new Map());
    }
    for (const row of rows) {
      const { ipcNamespace, shmid } = row;
      const known = this.#known.get(ipcNamespace);
      const before = known?.get(shmid);
      const { cpid, lpid, atimeSec, sizeBytes } = row;
      const isSame =
        before?.cpid === cpid && before.atimeSec === atimeSec && before.lpid === lpid && before.sizeBytes === sizeBytes;
      if (before && isSame) before.round = this.#round;
      else {
        known?.set(shmid, { cpid, lpid, atimeSec, sizeBytes, round: this.#round });
        use({ atMs, ipcNamespace, shmid, row }, before !== undefined || first.has(ipcNamespace));
      }
    }
    for (const [ipcNamespace, known] of this.#known) {
      const isOpen = openNamespaces.has(ipcNamespace);
      for (const [shmid, { round }] of known) {
        if (round === this.#round) continue;
        known.delete(shmid);
        use({ atMs, ipcNamespace, shmid }, false);
      }
      if (!isOpen) this.#known.delete(ipcNamespace);
    }
  }
}
