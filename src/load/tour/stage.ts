// The parent's side of the stage: starts it, asks it for one act after the other, and sees that nothing of it stays.
import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { errorCode, errorMessage } from '../../fault/thrown.ts';
import type { Libc } from '../../native/libc.ts';
import { effectiveUid } from '../../native/process.ts';
import { pidOfMq } from '../keep/mq-name.ts';
import { isDead, sweepLeftovers } from '../leftovers.ts';
import { type LoadProblem, problem } from '../model/problem.ts';
import { parseStageNews, type StageAct, type StageNews } from '../model/tour.ts';
import { workerEnvironment, workerProgram } from '../worker-program.ts';

const ANSWER_MS = 20_000;
const END_MS = 5_000;
const DEV_SHM = '/dev/shm';

export interface Stage {
  readonly play: (act: StageAct) => Promise<StageNews>;
  /** Resolves when it is gone, and what it made with it. Safe to call twice. */
  readonly end: () => Promise<void>;
}

/** Starts one. Call it on the main thread, and `end` it. */
export function startStage(libc: Libc): Stage | LoadProblem {
  let child: ChildProcess;
  try {
    // In a session of its own: a signal to our process group must not take it along with us.
    child = spawn(process.execPath, [...workerProgram(), 'stage'], {
      // The fourth is the pipe that a forked child lives by: only we have its other end.
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
      env: workerEnvironment(),
      detached: true,
    });
  } catch (cause) {
    return problem('failed', `Cannot start the stage of the tour: ${errorMessage(cause)}.`);
  }
  child.stdin?.on('error', () => {}); // EPIPE: it is gone, which `exit` tells
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const life = child.stdio[3];
  life?.on('error', () => {});
  // However it ended, a child of it must not stay.
  child.once('exit', () => life?.destroy());
  let text = '';
  let hear: (line: string) => void = () => {};
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      hear(text.slice(0, end));
      text = text.slice(end + 1);
    }
  });
  return {
    play: async (act) => {
      const answer = new Promise<string>((resolve) => {
        hear = resolve;
      });
      child.stdin?.write(`${act}\n`);
      const line = await Promise.race([answer, gone.then(() => ''), after(ANSWER_MS)]);
      return parseStageNews(line) ?? { ids: [], refusal: 'the stage of the tour has ended' };
    },
    end: async () => {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await gone;
      clearTimeout(timer);
      // Killed where it had no namespaces of its own: what it would have taken back is ours to take back.
      sweepNames(effectiveUid(libc));
      sweepLeftovers(libc);
    },
  };
}

const after = (milliseconds: number) =>
  new Promise<string>((resolve) => {
    setTimeout(() => resolve(''), milliseconds).unref();
  });

/** Removes names of stages of ours, of this pid namespace, that are dead; how many. Anybody else's are not ours to remove. */
export function sweepNames(ownUid: number, directory = DEV_SHM): number {
  let removed = 0;
  try {
    for (const name of readdirSync(directory)) {
      const pid = pidOfMq(name);
      if (pid === undefined || !isDead(pid)) continue;
      const stat = lstatSync(`${directory}/${name}`);
      if (!stat.isFile() || stat.uid !== ownUid) continue;
      unlinkSync(`${directory}/${name}`);
      removed++;
    }
  } catch (cause) {
    // There is none, or somebody else was faster.
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'EACCES') throw cause;
  }
  return removed;
}
