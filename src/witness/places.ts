// Keeps watch on every tmpfs that is there, and on which IPC namespaces there are: anew now and then, at once when one appears.
import type { Libc } from '../native/libc.ts';
import { monotonicMs } from '../native/monotonic.ts';
import { GapList } from '../probe/model/gap.ts';
import { type DeviceNumber, deviceNumber, deviceText } from '../probe/model/join/mapping-record.ts';
import { birthNs } from '../probe/model/life/birth.ts';
import type { IpcDoor } from '../probe/source/namespaces.ts';
import { Resolver } from '../probe/territory/places/resolve.ts';
import type { Ledger } from './model/ledger.ts';
import type { FileEvents, WatchedPlace } from './source/file-events.ts';
import { namespacePrint } from './source/namespace-print.ts';
import type { Surveyor, Territory } from './source/territory.ts';

/** A look may take one thousandth of the time; where it costs little, it is taken often. */
const COST_SHARE = 1000;
const LEAST_PAUSE_MS = 2000;
const MOST_PAUSE_MS = 30_000;
/** After a mount namespace came, its mounts follow: so often more, each second. */
const FURTHER_LOOKS = 3;

export interface Survey {
  readonly ownIpc: string;
  readonly otherIpc: ReadonlyMap<string, IpcDoor>;
  readonly refused: readonly string[];
}

export class Places {
  readonly #libc: Libc;
  readonly #surveyor: Surveyor;
  readonly #ledger: Ledger;
  /** Absent: nobody tells of files. */
  readonly #files: FileEvents | undefined;
  /** For perf: which mappings are of interest. */
  readonly devices: Set<DeviceNumber>;
  /** Without `files`: names of our own /dev/shm are told all the same. */
  readonly #hasNames: boolean;
  #survey: Survey | undefined;
  #round = 0;
  #nextMs = 0;
  readonly #resolver: Resolver;
  #namespaces: number | undefined;
  #further = 0;

  constructor(
    libc: Libc,
    surveyor: Surveyor,
    ledger: Ledger,
    files: FileEvents | undefined,
    devices: Set<DeviceNumber>,
    hasNames: boolean,
  ) {
    this.#libc = libc;
    this.#surveyor = surveyor;
    this.#ledger = ledger;
    this.#files = files;
    this.devices = devices;
    this.#hasNames = hasNames;
    this.#resolver = new Resolver(libc);
  }

  /** Called each second: the last survey, or a new one where it is time. */
  now(): Survey {
    const nowMs = monotonicMs();
    const print = namespacePrint(this.#libc, this.#resolver);
    if (print !== this.#namespaces) this.#further = FURTHER_LOOKS;
    this.#namespaces = print;
    if (this.#survey && nowMs < this.#nextMs && this.#further <= 0) return this.#survey;
    this.#further--;
    this.#survey = this.look(false);
    const tookMs = monotonicMs() - nowMs;
    this.#nextMs = nowMs + Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, tookMs * COST_SHARE));
    return this.#survey;
  }

  /** `isAll`: what lies in places that are known is listed anew, after events were lost. */
  look(isAll: boolean): Survey {
    const gaps = new GapList();
    const territory = this.#surveyor.look(gaps);
    this.#round++;
    const refused = [...territory.unwatched];
    try {
      for (const place of territory.places) this.#watch(place, isAll, refused);
    } finally {
      territory.close();
    }
    this.#forgetGone();
    return { ownIpc: territory.ownIpc, otherIpc: territory.otherIpc, refused };
  }

  #watch(place: Territory['places'][number], isAll: boolean, refused: string[]): void {
    const files = this.#files;
    if (!files) {
      // Names of our own are told without who: what is there is listed all the same.
      if (!place.isOwn || !this.#hasNames) return;
      this.devices.add(numberOf(place.device));
      if (isAll) this.#list(place, { device: place.device, sinceMs: Infinity, directories: new Map() }, isAll);
      return;
    }
    const watched = files.watch(place, Date.now());
    if (typeof watched === 'number') {
      refused.push(`${place.label} cannot be watched (${-watched})`);
      return;
    }
    watched.place.round = this.#round;
    this.devices.add(numberOf(place.device));
    if (watched.isNew || isAll) this.#list(place, watched.place, isAll);
  }

  /** What was there before it was watched; what came after is told by its events. */
  #list(
    place: Territory['places'][number],
    { device, sinceMs, directories }: Pick<WatchedPlace, 'device' | 'sinceMs' | 'directories'>,
    isAll: boolean,
  ): void {
    const nowMs = Date.now();
    const seen = new Set<number>();
    const isWhole = place.list((entry) => {
      if (deviceText(entry.device) !== device) return;
      seen.add(entry.inode);
      if (entry.type === 'directory') directories.set(entry.inode, entry.name);
      const birth = birthNs(entry);
      const bornMs = birth === undefined ? 0 : Number(birth.slice(0, -6));
      if (!isAll && bornMs > sinceMs && bornMs < nowMs) return;
      const { inode, uid, sizeBytes, links } = entry;
      this.#ledger.found({ device, inode, birthNs: birth, links, uid, sizeBytes }, entry.name, nowMs);
    });
    if (!isAll || !isWhole) return;
    for (const draft of [...this.#ledger.there('posix')]) {
      const [, itsDevice, inode] = draft.identity.split(' ');
      if (itsDevice === device && !seen.has(Number(inode))) this.#ledger.fileGone(device, Number(inode), nowMs);
    }
  }

  /** Lives of an earlier witness whose file system is not there any more, or not to be watched. */
  dropUnwatched(): void {
    for (const draft of [...this.#ledger.there('posix')]) {
      const [, device = '', inode] = draft.identity.split(' ');
      if (!this.devices.has(numberOf(device))) this.#ledger.fileGone(device, Number(inode), Date.now());
    }
  }

  #forgetGone(): void {
    for (const place of [...(this.#files?.places ?? [])]) {
      if (place.round === this.#round) continue;
      this.#files?.forget(place);
      this.devices.delete(numberOf(place.device));
      for (const draft of [...this.#ledger.there('posix')]) {
        const [, device, inode] = draft.identity.split(' ');
        if (device === place.device) this.#ledger.fileGone(place.device, Number(inode), Date.now());
      }
    }
  }
}

function numberOf(text: string): DeviceNumber {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  return deviceNumber(major, minor);
}
