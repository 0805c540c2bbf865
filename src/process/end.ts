// How the process ends: of the signal that it was asked to end by, and without waiting for what lies behind its output.
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';

/** Signals by which somebody asks for a good end. SIGINT keeps its exit code, 130: that is the user at the keyboard. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * Other signals that end a process where nobody handles them (signal(7)); SIGKILL and those of faults in the program cannot be.
 * SIGUSR1 is not among them: see no-debugger.ts.
 */
export const OTHER_DEADLY_SIGNALS = [
  'SIGQUIT',
  'SIGABRT',
  'SIGALRM',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGPROF',
  'SIGXCPU',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGSYS',
  'SIGTRAP',
] as const;

/** A process with pid 1 does not die of a signal that it sends to itself: then the exit code says it. */
const DEATH_MS = 200;

/**
 * Dies of the signal, after all that had to be done was done: a service manager takes that for a good end (systemd.service(5),
 * SuccessExitStatus), where the exit code 143 would be a failure; a shell shows the same number, 128 and the signal.
 */
export function dieOf(signal: NodeJS.Signals): never {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEATH_MS);
  process.exit(128 + constants.signals[signal]);
}

/**
 * Puts /dev/null in the place of standard output and standard error when the process exits, after everything else was written.
 * koffi syncs both from an exit handler of its own: that waits for the disk, for ever where a network file system is gone, and
 * where it fails for standard error it deadlocks (Flush in koffi's base.cc reports the error to the stream that it has locked).
 */
export function endWithoutSync(): void {
  process.on('exit', () => {
    for (const fd of [1, 2]) {
      try {
        closeSync(fd);
      } catch {
        // EBADF: closed by whoever started us, and never opened; EIO: what was written before has been told
      }
      try {
        openSync('/dev/null', 'r+'); // the lowest free number: this one
      } catch {
        // ENOENT, EACCES: no /dev/null in this place; a closed descriptor is refused by fsync at once
      }
    }
  });
}
