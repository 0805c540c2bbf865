// What is asked of the process that reads in our place, and what it answers: one line of JSON each.

import type { ByteString } from '../../model/bytes.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeviceNumber, MappingRecord } from '../../model/join/mapping-record.ts';
import type { ShmObject } from '../../model/object.ts';
import type { Placement } from '../../model/placement.ts';
import type { ProcessShare } from '../../model/process-share.ts';
import type { Residents } from '../../model/residents.ts';
import type { HolderRequest, NoMemory } from '../../source/holdings.ts';
import type { FileStat } from '../../source/io.ts';
import type { SearchStep, SearchStepAnswer } from '../../source/memory-search.ts';
import type { Mention } from '../../source/mentions.ts';
import type { PidNames } from '../../source/pid-names.ts';
import type { Holdings } from '../../source/process-notes.ts';

/** A request as plain data; the names in /dev/shm are not needed to read. */
export interface PlainRequest {
  readonly privateDevices: readonly DeviceNumber[];
  readonly fdDevices: readonly DeviceNumber[];
  readonly namedDevices: readonly DeviceNumber[];
  readonly hasAllNames: boolean;
  readonly includeFiles: boolean;
}

export type Question =
  | { readonly ask: 'look'; readonly keptExcess: number }
  | { readonly ask: 'holdings'; readonly pid: number; readonly request: PlainRequest }
  | { readonly ask: 'mappings'; readonly pid: number; readonly privateDevices: readonly DeviceNumber[] }
  | { readonly ask: 'memory'; readonly pid: number; readonly other: number }
  | { readonly ask: 'names'; readonly pid: number }
  | { readonly ask: 'library'; readonly pid: number; readonly pattern: string; readonly flags: string }
  | { readonly ask: 'mentions'; readonly pid: number; readonly names: readonly ByteString[] }
  | { readonly ask: 'stat'; readonly pid: number; readonly path: string }
  | { readonly ask: 'search'; readonly step: SearchStep }
  | { readonly ask: 'share'; readonly pid: number }
  | { readonly ask: 'placement'; readonly pid: number; readonly object: ShmObject }
  | { readonly ask: 'residents'; readonly pid: number; readonly object: ShmObject; readonly pageBytes: number };

export type QuestionOf<Ask extends Question['ask']> = Extract<Question, { readonly ask: Ask }>;

/** By what was asked. */
export interface Answers {
  readonly look: true;
  readonly holdings: { readonly read: Holdings | NoMemory; readonly gaps: readonly Gap[] };
  /** Absent: they cannot be read. */
  readonly mappings: { readonly records?: readonly MappingRecord[] };
  /** 0: they share it (kcmp(2)). */
  readonly memory: number;
  /** Absent: it has no command of its own. */
  readonly names: { readonly names?: PidNames };
  readonly library: boolean;
  readonly mentions: readonly Mention[];
  readonly stat: FileStat | number;
  readonly search: SearchStepAnswer;
  readonly share: ProcessShare;
  readonly placement: Placement;
  readonly residents: Residents;
}

export function plainRequest(request: HolderRequest): PlainRequest {
  const { privateDevices, fdDevices, namedDevices, hasAllNames, includeFiles } = request;
  return {
    ...{ privateDevices: [...privateDevices], fdDevices: [...fdDevices], namedDevices: [...namedDevices] },
    ...{ hasAllNames, includeFiles },
  };
}

export function requestOf(plain: PlainRequest): HolderRequest {
  const { privateDevices, fdDevices, namedDevices } = plain;
  return {
    ...plain,
    privateDevices: new Set(privateDevices),
    fdDevices: new Set(fdDevices),
    namedDevices: new Set(namedDevices),
    entries: [],
  };
}
