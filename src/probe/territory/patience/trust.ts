// Processes that nobody else has written: root's and our own, in our own mount namespace and so in no container.
import { readlinkSync, statSync } from 'node:fs';
import { errorCode } from '../../../fault/thrown.ts';
import { once } from '../../model/once.ts';

/** Tells whether a process of our own /proc is such a one; two system calls. True for what is gone: nothing of it can be waited for. */
export function trust(): (pid: number) => boolean {
  const own = process.geteuid?.() ?? 0;
  const mountNamespace = once(() => readlinkSync('/proc/self/ns/mnt'));
  return (pid) => {
    try {
      const { uid } = statSync(`/proc/${pid}`);
      return (uid === 0 || uid === own) && readlinkSync(`/proc/${pid}/ns/mnt`) === mountNamespace();
    } catch (error) {
      const code = errorCode(error);
      return code === 'ENOENT' || code === 'ESRCH'; // else EACCES
    }
  };
}
