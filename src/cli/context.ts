// What a command is handed: the world as functions, so that commands only turn a Snapshot into text.
import type { Account } from '../probe/model/account/account.ts';
import type { Capability } from '../probe/model/capability.ts';
import type { KeptSnapshot } from '../probe/model/decode/kept-snapshot.ts';
import type { RecordingEntry } from '../probe/model/decode/recording.ts';
import type { HostMemory } from '../probe/model/host-memory.ts';
import type { KnownLives } from '../probe/model/life/life.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Peek } from '../probe/model/peek.ts';
import type { Placement } from '../probe/model/placement.ts';
import type { SearchPlan } from '../probe/model/search/name-search.ts';
import type { Semaphores } from '../probe/model/semaphores.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import type { History } from '../remove/model/history.ts';
import type { Plan } from '../remove/model/plan.ts';
import type { Report, Result } from '../remove/model/report.ts';
import type { Restored } from '../remove/model/restored.ts';
import type { LoadContext } from './load/context.ts';
import type { MetricsWorld } from './metrics-world.ts';
import type { Terminal } from './output.ts';
import type { WatchWorld } from './watch-world.ts';
import type { RunWitness } from './witness-world.ts';

export interface SampleRequest {
  /** Shared mappings of ordinary files too (`--all`). */
  readonly includeFiles: boolean;
  /** Grace time of the verdict, in seconds; 0 for none. */
  readonly minAgeSec: number;
  /** Resident and swapped bytes of segments: costs the kernel about 1 µs a segment, so ask only where they are shown. */
  readonly rss: boolean;
  /** Units and jobs of all holders: about 10 µs for each process that holds something. */
  readonly units?: boolean;
  /** All IPC namespaces with who lives in them: some 20 µs each. */
  readonly namespaces?: boolean;
  /** Semaphores, queues, huge pages and control groups among the limits: some files for each group of a holder. */
  readonly ceilings?: boolean;
  /** The same is asked for again: what was learned is kept, and what hangs later is left to itself. */
  readonly isRepeated?: boolean;
}

export interface ExecuteRequest {
  /** Content is copied there first. */
  readonly saveDirectory?: string;
  /** Grace time with which the objects were listed, seconds. */
  readonly minAgeSec: number;
  readonly onProgress: (done: number, total: number, last: Result) => undefined;
}

/** What changes the machine. */
export interface Removal {
  readonly execute: (plans: readonly Plan[], request: ExecuteRequest) => Report;
  readonly restore: (path: string) => Restored;
  /** The journal that is written to, or why it cannot be read. */
  readonly history: () => History | { readonly problem: string };
}

/** Its entries in order of time; undefined for one that is damaged inside. Closed when all were read. */
export interface Recording {
  readonly damagedLines: number;
  readonly entries: () => Iterable<RecordingEntry | undefined>;
}

/** Asks on the terminal: what was typed, without the end of the line; undefined at the end of input. */
export type Ask = (question: string) => string | undefined;

export interface CliContext {
  /** Loaded when it is asked for: nothing else needs it. */
  readonly removal: () => Promise<Removal>;
  /** Where questions go; undefined where standard input is no terminal. Loaded when it is asked for. */
  readonly asker: () => Promise<Ask | undefined>;
  /** Waits; nothing else happens meanwhile. */
  readonly sleep: (milliseconds: number) => void;
  readonly sample: (request: SampleRequest) => Snapshot;
  /** The same, with the account of all that is shared memory, read at once after it. Loads its readers. */
  readonly account: (request: SampleRequest) => Promise<{ readonly snapshot: Snapshot; readonly account: Account }>;
  /** Memory of the machine, where it tells. */
  readonly memory: () => HostMemory | undefined;
  /** `major:minor:inode` of what lies at a path that a person typed; undefined: nothing that can be reached. */
  readonly fileAt: (path: string) => string | undefined;
  /** Told of a look that was just taken. */
  readonly capabilities: (snapshot: Snapshot) => Promise<readonly Capability[]>;
  /** System V semaphores of our IPC namespace, or in words why they cannot be counted. */
  readonly semaphores: () => Promise<Semaphores | string>;
  readonly peek: (object: ShmObject, offset: number, length: number) => Peek;
  /** A search for the name in memory, not yet begun; or in words why there can be none. Loaded when it is asked for. */
  readonly planSearch: (object: ShmObject) => Promise<SearchPlan | { readonly problem: string }>;
  /** NUMA nodes, size of pages and proportional share of each holder. Dear: the kernel walks all memory of each. */
  readonly placement: (object: ShmObject) => Promise<Placement>;
  /** What a witness saw on this boot, or in words why it cannot be read. Loads its reader. */
  readonly lives: () => Promise<KnownLives | string>;
  /** What the load generator needs; its engine comes with it. */
  readonly openLoad: () => Promise<LoadContext>;
  /** What `metrics` needs; loads its server. */
  readonly metrics: () => Promise<MetricsWorld>;
  /** What `watch` needs; loads the live sources. */
  readonly live: () => Promise<WatchWorld>;
  /** What `witness` needs; loads the recorder. */
  readonly witness: () => Promise<RunWitness>;
  /** A recording of `watch --record`, or in words why it cannot be read. */
  readonly recording: (path: string) => Promise<Recording | string>;
  /** A file of `ls --json`, or in words why it cannot be read. */
  readonly keptSnapshot: (path: string) => Promise<KeptSnapshot | string>;
  /** What config.toml says of what is to be kept and of software. `blocked`: why that is not known, in words. */
  readonly rules: { readonly blocked?: string };
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** NO_COLOR, FORCE_COLOR, TERM, COLUMNS, LANG, … */
  readonly env: Readonly<Record<string, string | undefined>>;
}
