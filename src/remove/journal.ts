// The journal of removals: JSON lines, on the disk before anything is removed, and what became of it after.

import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, readSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { errorNumber } from '../fault/thrown.ts';
import { type Env, MOST_FOLDERS, ownHome } from '../files/homes.ts';
import { openForAppend } from '../files/open-file.ts';
import { errnoName } from '../native/errno.ts';
import { escapeBytes } from '../probe/model/bytes.ts';
import type { Verdict } from '../probe/model/object.ts';
import { ALL_ENDED } from './model/history.ts';
import { keepEvidence } from './model/journal-evidence.ts';
import type { Plan } from './model/plan.ts';
import type { Outcome } from './model/report.ts';

const JOURNAL_NAME = 'shmtop/removals.jsonl';

/**
 * Where the journal may be, the first that can be trusted and written counts. Root's is the machine's, unless told otherwise;
 * others have it in their own home too, whatever HOME says.
 */
export function journalCandidates(env: Env, uid: number): string[] {
  const candidates: string[] = [];
  if (env.XDG_STATE_HOME?.startsWith('/')) candidates.push(join(env.XDG_STATE_HOME, JOURNAL_NAME));
  if (uid === 0) candidates.push(join('/var/log', JOURNAL_NAME));
  for (const home of new Set([env.HOME, uid === 0 ? undefined : ownHome()]))
    if (home?.startsWith('/')) candidates.push(join(home, '.local/state', JOURNAL_NAME));
  return candidates;
}

export interface JournalOpen {
  readonly journal: Journal;
}
export interface JournalClosed {
  /** Why it cannot be written, for each place tried. */
  readonly problem: string;
}

/** `by`: which part of the program removes (`rm`, `dashboard`). */
export function openJournal(candidates: readonly string[], by: string): JournalOpen | JournalClosed {
  const problems: string[] = [];
  for (const path of candidates) {
    const opened = openForAppend(path, MOST_FOLDERS);
    if (typeof opened === 'number') return { journal: new Journal(path, opened, by) };
    problems.push(opened.reason);
  }
  return { problem: problems.length > 0 ? problems.join(', ') : 'neither XDG_STATE_HOME nor HOME is set' };
}

/** What is known of a removal before it happens; `seq` counts within `run`. */
export interface Begun {
  readonly plan: Plan;
  readonly seq: number;
  /** Where its name is moved to for the moment between looking and unlinking. */
  readonly aside?: string;
}

export class Journal {
  readonly path: string;
  readonly fd: number;
  readonly #by: string;
  readonly #run = randomBytes(6).toString('hex');
  readonly #user = currentUser();
  readonly #evidence = new WeakMap<Verdict, readonly string[]>();
  #pending: string[] = [];
  /** Begun in this run and not ended yet. */
  #open = 0;
  /** The file ends in the middle of a line: a full disk or a kill cut it off. The next one must not be lost with it. */
  #isTorn: boolean;
  #nowMs = 0;
  #nowText = '';
  /** So many ends may wait to be written together; a kill can lose that many of them, never a beginning. */
  mostPending = 1;

  constructor(path: string, fd: number, by: string) {
    this.path = path;
    this.fd = fd;
    this.#by = by;
    this.#isTorn = isTorn(fd);
  }

  /** Writes one line for each and waits until the disk has them. Throws where it cannot: nothing may be removed then. */
  begin(all: readonly Begun[]): void {
    const who = { at: this.#now(), event: 'begun', run: this.#run, pid: process.pid, by: this.#by, ...this.#user };
    const start = `${JSON.stringify(who).slice(0, -1)},"seq":`;
    this.#open += all.length;
    this.#append(all.map((begun) => this.#begunLine(start, begun)).join(''));
    fsyncSync(this.fd);
  }

  /** Written when `mostPending` are there; on the disk after `sync` at the latest. A failure is told by the answer: the removal has happened. */
  end(seq: number, { plan }: { readonly plan: Plan }, outcome: Outcome): string | undefined {
    const told =
      outcome.kind === 'removed'
        ? {
            event: 'done',
            how: outcome.how,
            freedBytes: outcome.freedBytes,
            savedAs: outcome.savedAs,
            warning: outcome.warning,
          }
        : {
            event: outcome.kind,
            code: outcome.kind === 'refused' ? outcome.code : undefined,
            reason: outcome.reason,
          };
    const start = `{"at":"${this.#now()}","run":"${this.#run}","seq":${seq},"id":"${plan.object.id}",`;
    this.#pending.push(`${start}${JSON.stringify(told).slice(1)}\n`);
    this.#open--;
    return this.#pending.length < this.mostPending ? undefined : this.flush();
  }

  /** Ends what an earlier run had begun and did not get to the end of. */
  settle({ run, seq, id }: { readonly run: string; readonly seq: number; readonly id: string }, reason: string): void {
    const line = { at: new Date().toISOString(), run, seq, id, event: 'refused', code: 'interrupted', reason };
    this.#pending.push(`${JSON.stringify(line)}\n`);
  }

  /** Writes the ends that wait. */
  flush(): string | undefined {
    const text = this.#pending.join('');
    this.#pending = [];
    return this.#tried(() => this.#append(text));
  }

  /** Waits until the disk has everything. */
  sync(): string | undefined {
    return this.flush() ?? this.#tried(() => fsyncSync(this.fd));
  }

  /** What earlier runs began has its end, and what this one began: written after `sync` only, so that no end can be missing on the disk. */
  markAllEnded(): void {
    if (this.#open === 0) this.#tried(() => this.#append(`${ALL_ENDED}\n`));
  }

  close(): void {
    this.flush();
    closeSync(this.fd);
  }

  #begunLine(start: string, { plan, seq, aside }: Begun): string {
    const { object, effect, isForced } = plan;
    const { id, shortId, kind, rawName, verdict, sizeBytes, uid, shmid, key, ipcNamespace, device, inode } = object;
    const line = {
      id,
      shortId,
      kind,
      name: escapeBytes(rawName),
      path: object.rawPath === undefined ? undefined : escapeBytes(object.rawPath),
      aside: aside === undefined ? undefined : escapeBytes(aside),
      identity: {
        shmid,
        key,
        ipcNamespace,
        device,
        inode,
        uid,
        cuid: object.cuid,
        cpid: object.creator?.pid,
        ctimeSec: object.ctimeSec,
        perms: object.perms,
      },
      sizeBytes,
      bytes: effect.freedBytes,
      effect: effect.outcome,
      forced: isForced || undefined,
      verdict: verdict.state,
      evidence: this.#evidenceOf(verdict),
    };
    return `${start}${seq},${JSON.stringify(line).slice(1)}\n`;
  }

  /** ISO 8601, made once a millisecond. */
  #now(): string {
    const nowMs = Date.now();
    if (nowMs !== this.#nowMs) {
      this.#nowMs = nowMs;
      this.#nowText = new Date(nowMs).toISOString();
    }
    return this.#nowText;
  }

  /** Many segments of one dead process share one verdict. */
  #evidenceOf(verdict: Verdict): readonly string[] {
    let words = this.#evidence.get(verdict);
    if (words === undefined) {
      words = verdict.evidence.map(keepEvidence);
      this.#evidence.set(verdict, words);
    }
    return words;
  }

  #append(text: string): void {
    if (text === '') return;
    const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
    this.#isTorn = true;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at);
    this.#isTorn = false;
  }

  #tried(write: () => void): string | undefined {
    try {
      write();
      return undefined;
    } catch (error) {
      const errno = errorNumber(error);
      const code = errno === undefined ? String(error) : errnoName(errno);
      return `the journal ${this.path} could not be written (${code})`;
    }
  }
}

/** Opened for reading too. What cannot be read is taken as torn: an empty line does no harm. */
function isTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  try {
    return size > 0 && (readSync(fd, last, 0, 1, size - 1) === 0 || last[0] !== NEWLINE);
  } catch {
    return true; // EIO
  }
}

const NEWLINE = 0x0a;

/** Who removes: the user of this process, and the one behind sudo(8). */
function currentUser(): { uid: number; user: string; sudoUser?: string } {
  const uid = process.getuid?.() ?? 0;
  try {
    return { uid, user: userInfo().username, sudoUser: process.env.SUDO_USER };
  } catch {
    return { uid, user: String(uid), sudoUser: process.env.SUDO_USER }; // ENOENT: no passwd entry
  }
}
