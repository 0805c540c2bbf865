// What the threads of this program are called in every table of processes (proc_pid_comm(5)): not by what Node gives them.
import { writeFileSync } from 'node:fs';

/** Names the calling thread; the main thread's name is that of the process. The kernel keeps 15 bytes of it. */
export function nameThread(name: string): void {
  try {
    writeFileSync('/proc/thread-self/comm', name);
  } catch {
    // ENOENT, EACCES, EROFS: no /proc, or one that may not be written to
  }
}
