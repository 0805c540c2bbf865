// `shmtop ls --json` as docs/reference.md and the schema fix it, and how tests pick objects out of it. Written from these, not from src.
import { expect } from 'vitest';

export interface LsMapping {
  readonly start: string;
  readonly end: string;
  readonly perms: string;
}

export interface LsHolder {
  readonly pid: number;
  readonly startTicks?: number;
  readonly comm?: string;
  readonly uid?: number;
  readonly user?: string;
  readonly mappings: readonly LsMapping[];
  readonly fds: readonly number[];
  readonly ipcNamespace?: string;
}

export interface LsMaker {
  readonly pid?: number;
  readonly state: 'alive' | 'zombie' | 'dead' | 'reused' | 'invisible';
  readonly comm?: string;
}

export interface LsObject {
  readonly id: string;
  readonly kind: 'sysv' | 'posix' | 'unlinked' | 'memfd' | 'anonymous' | 'file';
  readonly name: string;
  readonly nameBytes?: string;
  readonly otherNames?: readonly string[];
  readonly path?: string;
  readonly type?: string;
  readonly onMemory?: string;
  readonly shmid?: number;
  readonly key?: string;
  readonly ipcNamespace?: string;
  readonly device?: string;
  readonly inode?: number;
  readonly sizeBytes?: number;
  readonly rssBytes?: number;
  readonly swapBytes?: number;
  readonly allocatedBytes?: number;
  readonly hugePageBytes?: number;
  readonly nattch?: number;
  readonly perms?: string;
  readonly status?: readonly string[];
  readonly uid?: number;
  readonly user?: string;
  readonly gid?: number;
  readonly cuid?: number;
  readonly cgid?: number;
  readonly creator?: LsMaker;
  readonly lastUser?: LsMaker;
  readonly atime?: string;
  readonly dtime?: string;
  readonly ctime?: string;
  readonly holders: readonly LsHolder[];
  readonly hiddenMappings?: number;
  readonly software?: { readonly name: string; readonly role: string; readonly outlives: boolean };
  readonly verdict: {
    readonly state: 'in-use' | 'abandoned' | 'orphaned' | 'unheld' | 'unknown';
    readonly evidence: readonly { readonly code: string; readonly side: string; readonly text: string }[];
  };
}

export interface LsGap {
  readonly source: string;
  readonly reason: string;
  readonly count: number;
  readonly pids?: readonly number[];
}

export interface Ls {
  readonly schemaVersion: number;
  readonly host: { readonly ipcNamespace?: string; readonly pidNamespace?: string; readonly user: string };
  readonly visibility: {
    readonly processes: number;
    readonly inspected: number;
    readonly complete: boolean;
    readonly gaps: readonly LsGap[];
  };
  readonly limits: { readonly segments: number };
  readonly objects: readonly LsObject[];
  readonly gaps: readonly LsGap[];
}

/** Exactly one object must fit; anything else fails the test and says what was there. */
function only(ls: Ls, wanted: string, fits: (object: LsObject) => boolean): LsObject {
  const found = ls.objects.filter(fits);
  const [object] = found;
  if (object === undefined || found.length > 1) {
    throw new Error(
      `${found.length} objects are ${wanted}; there are ${ls.objects.map((object) => object.id).join(' ')}`,
    );
  }
  return object;
}

/** The segment that the lab made; `ipcNamespace` where it is not the one that the lab said. */
export function segmentIn(ls: Ls, made: { shmid: number; ipcNamespace: string }): LsObject {
  const wanted = `sysv ${made.shmid} of ${made.ipcNamespace}`;
  return only(
    ls,
    wanted,
    ({ kind, shmid, ipcNamespace }) => kind === 'sysv' && shmid === made.shmid && ipcNamespace === made.ipcNamespace,
  );
}

/** The object of that kind on the device and inode that the lab said. */
export function fileIn(ls: Ls, kind: LsObject['kind'], made: { device: string; inode: number }): LsObject {
  return only(
    ls,
    `${kind} ${made.device}:${made.inode}`,
    (object) => object.kind === kind && object.device === made.device && object.inode === made.inode,
  );
}

/** The object in the reader's own /dev/shm whose raw name, without the leading slash, has these bytes. */
export function namedIn(ls: Ls, bytes: Uint8Array | string): LsObject {
  const name = Buffer.concat([Buffer.from('/'), Buffer.from(bytes)]);
  return only(
    ls,
    `named ${JSON.stringify(name.toString('latin1'))}`,
    (object) => object.path !== undefined && rawName(object).equals(name),
  );
}

/** The bytes behind the name that is shown. */
export function rawName({ name, nameBytes }: LsObject): Buffer {
  return nameBytes === undefined ? Buffer.from(name) : Buffer.from(nameBytes, 'base64');
}

export function evidenceCodes(object: LsObject): string[] {
  return object.verdict.evidence.map((evidence) => evidence.code);
}

export function holderPids(object: LsObject): number[] {
  return object.holders.map((holder) => holder.pid).sort((a, b) => a - b);
}

export function mappingsOf(object: LsObject): LsMapping[] {
  return object.holders.flatMap((holder) => holder.mappings);
}

/** A verdict with at least these reasons; the message shows the whole verdict when it is another. */
export function expectVerdict(object: LsObject, state: LsObject['verdict']['state'], ...codes: string[]): void {
  const shown = `${object.id} ${object.name}: ${JSON.stringify(object.verdict)}`;
  expect(object.verdict.state, shown).toBe(state);
  expect(evidenceCodes(object), shown).toEqual(expect.arrayContaining(codes));
}

/** nattch counts mappings: those found and those hidden must add up to it, or the program miscounts. */
export function expectMappingsAddUp(object: LsObject): void {
  expect(mappingsOf(object).length + (object.hiddenMappings ?? 0), object.id).toBe(object.nattch);
}
