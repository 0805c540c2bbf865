// Carries out plans: journal first, then each object looked at again and removed, what was left aside put back, and a report.

import { errorCode } from '../fault/thrown.ts';
import { witnessFolders } from '../files/homes.ts';
import { flock } from '../native/file.ts';
import { FLOCK } from '../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { openMachine } from '../probe/look/machine.ts';
import { Sampler } from '../probe/look/sampler.ts';
import { witnessIn } from '../probe/look/witnessed.ts';
import { type NeverList, neverText, protectingEntry } from '../probe/model/judge/never-touch.ts';
import type { SoftwareRow } from '../probe/model/judge/software.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { asideName } from './aside.ts';
import { withinNamespaceOf } from './ipc-places.ts';
import { type Journal, journalCandidates, openJournal } from './journal.ts';
import { isToDo, type Plan } from './model/plan.ts';
import { refuse, refuseChanged } from './model/refusal.ts';
import { type Outcome, type Report, type Result, sumUp } from './model/report.ts';
import { NameRun } from './name-run.ts';
import { type PremiseCheck, premiseCheck } from './premises.ts';
import { readPrivileges } from './privileges.ts';
import { putBackLeftovers } from './recovery.ts';
import { type Save, saveInto } from './save.ts';
import { SegmentRemover } from './segment.ts';
import type { OnStep } from './step.ts';

export interface ExecuteOptions {
  /** Which part of the program asks, for the journal: `rm`, `dashboard`. */
  readonly by: string;
  /** Called after each object; true ends the run: what is left is refused as interrupted. */
  readonly onProgress?: (done: number, total: number, last: Result) => boolean | undefined;
  /** Copies content into this directory first. */
  readonly saveDirectory?: string;
  /** Default: $XDG_STATE_HOME and so on, the first that can be written. */
  readonly journalPaths?: readonly string[];
  /** Grace time with which the plans were listed, seconds. */
  readonly minAgeSec?: number;
  /** What is to be kept, and what software is known by, as config.toml says it now. */
  readonly rules?: RemovalRules;
  readonly procRoot?: string;
  readonly shmRoot?: string;
  /** For tests. */
  readonly onStep?: OnStep;
}

/** So many are journaled, waited for and worked off at a time. */
const BATCH = 1024;
/** Of more segments than these, so many ends go to the journal together. */
const FEW = 32;
const ENDS_TOGETHER = 32;
/** How long another shmtop may keep the journal locked. */
const LOCK_WAIT_MS = 5000;

/** The part of the rules that a removal goes by. */
export interface RemovalRules {
  readonly table: readonly SoftwareRow[];
  readonly never: NeverList;
  /** Why nobody knows what is to be kept: nothing goes but by force. */
  readonly blocked?: string;
}

/** Removes what the plans say, as far as it is still what was listed. Never throws for trouble with an object. */
export function execute(plans: readonly Plan[], options: ExecuteOptions): Report {
  const results = plans.filter((plan) => !isToDo(plan)).map((plan) => ({ plan, outcome: notToDo(plan) }));
  const toDo = plans.filter(isToDo);
  if (toDo.length === 0) return sumUp(results, [], undefined);
  const libc = loadLibc();
  const all = (outcome: Outcome) => sumUp([...results, ...toDo.map((plan) => ({ plan, outcome }))], [], undefined);
  if (openMachine(options.procRoot).procKind === 'captured') {
    return all(refuse('unsupported', `was listed from a captured ${options.procRoot}, not from this machine`));
  }
  if (!isLibc(libc)) return all(refuse('unsupported', `cannot be removed without native calls (${libc.reason})`));
  const paths = options.journalPaths ?? journalCandidates(process.env, process.geteuid?.() ?? 0);
  const opened = openJournal(paths, options.by);
  if ('problem' in opened)
    return all(refuse('journal', `was left, since the journal cannot be written (${opened.problem})`));
  const { journal } = opened;
  try {
    if (!lock(libc, journal.fd)) return all(refuse('busy', 'was left, since another shmtop is removing objects'));
    return new Run(libc, journal, options, results).carryOut(toDo);
  } finally {
    journal.close(); // and with it the lock
  }
}

function notToDo({ refusal, effect }: Plan): Outcome {
  return refusal ?? { kind: 'nothing', reason: effect.text.join(' ') };
}

/** One shmtop of a user at a time, or two would take each other for somebody who came to use the object. */
function lock(libc: Libc, fd: number): boolean {
  const until = Date.now() + LOCK_WAIT_MS;
  while (flock(libc, fd, FLOCK.EXCLUSIVE | FLOCK.NONBLOCK) < 0) {
    if (Date.now() > until) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
  return true;
}

class Run {
  readonly #libc: Libc;
  readonly #journal: Journal;
  readonly #options: ExecuteOptions;
  readonly #results: Result[];
  readonly #notes: string[];
  readonly #isAllEnded: boolean;
  readonly #save: Save | undefined;
  #total = 0;
  #done = 0;
  #isStopped = false;

  constructor(libc: Libc, journal: Journal, options: ExecuteOptions, results: readonly Result[]) {
    this.#libc = libc;
    this.#journal = journal;
    this.#options = options;
    this.#results = [...results];
    const { notes, isAllEnded } = putBackLeftovers(libc, journal);
    this.#notes = notes;
    this.#isAllEnded = isAllEnded;
    const { saveDirectory } = options;
    this.#save = saveDirectory === undefined ? undefined : saveInto(libc, saveDirectory);
  }

  carryOut(plans: readonly Plan[]): Report {
    this.#total = plans.length;
    const { procRoot = '/proc', shmRoot, minAgeSec, rules } = this.#options;
    const known = { table: rules?.table, never: rules?.never, witness: witnessIn(witnessFolders(process.env)) };
    const resample = (): Snapshot => new Sampler({ procRoot, shmRoot, minAgeSec, rss: false, ...known }).sample();
    const premise = premiseCheck(procRoot, resample);
    premise.prepare(plans);
    const segments = plans.filter(({ object }) => object.kind === 'sysv');
    const names = plans.filter(({ object }) => object.kind === 'posix');
    for (const [namespace, group] of Map.groupBy(segments, ({ object }) => object.ipcNamespace ?? '0')) {
      for (const batch of batchesOf(group)) this.#segments(namespace, batch, premise);
    }
    for (const group of Map.groupBy(names, placeOf).values()) {
      for (const batch of batchesOf(group)) this.#names(batch, premise);
    }
    const unsynced = this.#journal.sync();
    if (unsynced !== undefined) this.#notes.push(unsynced);
    else if (this.#isAllEnded) this.#journal.markAllEnded();
    return sumUp(this.#results, [...new Set(this.#notes)], this.#journal.path);
  }

  #segments(namespace: string, plans: readonly Plan[], premise: PremiseCheck): void {
    const first = this.#done;
    if (!this.#begin(plans, () => undefined)) return;
    this.#journal.mostPending = plans.length > FEW ? ENDS_TOGETHER : 1;
    const { onStep, procRoot } = this.#options;
    const tools = { libc: this.#libc, privileges: readPrivileges(procRoot), onStep, save: this.#save };
    withinNamespaceOf(
      namespace,
      plans,
      (here) => {
        const remover = new SegmentRemover(tools);
        for (const [at, plan] of here.entries()) {
          this.#end(first + at, plan, this.#stopped() ?? this.#unpremised(plan, premise) ?? remover.remove(plan));
        }
      },
      (plan, outcome) => this.#end(this.#done, plan, outcome),
      procRoot,
    );
  }

  /** All in one place. */
  #names(plans: readonly Plan[], premise: PremiseCheck): void {
    const first = this.#done;
    const directory = asideName();
    const { shmRoot = '/dev/shm', onStep } = this.#options;
    const [{ object: root }] = plans;
    const isOwn = root.rawPath !== undefined;
    const asideOf = (seq: number) => (isOwn ? `${shmRoot}/${directory}/${seq}` : undefined);
    if (!this.#begin(plans, asideOf)) return;
    this.#journal.mostPending = 1;
    const run = new NameRun({
      libc: this.#libc,
      asideName: directory,
      root,
      shmRoot,
      onStep,
      save: this.#save,
    });
    const todo = plans.map((plan, at) => ({ plan, seq: first + at }));
    run.remove(
      todo,
      (plan) => this.#stopped() ?? this.#unpremised(plan, premise),
      (seq, plan, outcome) => this.#end(seq, plan, outcome),
    );
    this.#notes.push(...run.close());
  }

  /** False, with the plans refused, where the journal could not take them. */
  #begin(plans: readonly Plan[], asideOf: (seq: number) => string | undefined): boolean {
    const first = this.#done;
    try {
      this.#journal.begin(plans.map((plan, at) => ({ plan, seq: first + at, aside: asideOf(first + at) })));
      const [plan] = plans;
      if (plan) this.#options.onStep?.('begun', plan);
      return true;
    } catch (error) {
      const code = errorCode(error);
      const outcome = refuse(
        'journal',
        `was left, since the journal ${this.#journal.path} cannot be written (${code})`,
      );
      for (const plan of plans) this.#tell({ plan, outcome });
      return false;
    }
  }

  #end(seq: number, plan: Plan, outcome: Outcome): void {
    // Whoever is killed after this has at most a few removals in the journal as begun that were done.
    const problem = this.#journal.end(seq, { plan }, outcome);
    if (problem !== undefined) this.#notes.push(problem);
    const copy = outcome.kind === 'removed' ? undefined : this.#save?.leftOver(plan);
    if (copy !== undefined) this.#notes.push(`a copy of ${plan.object.shortId} as it was is in ${copy}`);
    this.#options.onStep?.('ended', plan);
    this.#tell({ plan, outcome });
  }

  #tell(result: Result): void {
    this.#results.push(result);
    this.#done++;
    if (this.#options.onProgress?.(this.#done, this.#total, result) === true) this.#isStopped = true;
  }

  #unpremised(plan: Plan, premise: PremiseCheck): Outcome | undefined {
    const kept = this.#kept(plan);
    if (kept) return kept;
    const problem = premise.broken(plan);
    return problem === undefined ? undefined : refuseChanged(problem);
  }

  /** The list as it is now: a line may have been added since the object was listed. */
  #kept({ object, mayTouchNever }: Plan): Outcome | undefined {
    const { rules } = this.#options;
    if (!rules || mayTouchNever) return undefined;
    if (rules.blocked !== undefined)
      return refuse('never-unknown', `was left, since nobody knows what is to be kept: ${rules.blocked}`);
    const entry = protectingEntry(rules.never, object);
    return entry && refuse('never-touch', `is on the never-touch list: ${neverText(entry)}`);
  }

  #stopped(): Outcome | undefined {
    return this.#isStopped ? refuse('interrupted', 'was left, since the removal was interrupted') : undefined;
  }
}

/** The /dev/shm that a name is in, and how it is reached: in our own mount namespace, or in another. */
const placeOf = ({ object: { device, rootInode, mountNamespace, rawPath } }: Plan) =>
  `${device} ${rootInode} ${mountNamespace} ${rawPath === undefined ? 'other' : 'own'}`;

function* batchesOf(plans: readonly Plan[]): Generator<readonly Plan[]> {
  for (let at = 0; at < plans.length; at += BATCH) yield plans.slice(at, at + BATCH);
}
