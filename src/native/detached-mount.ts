// A file system of our own that is mounted nowhere and goes with its descriptor: fsopen(2), fsconfig(2), fsmount(2).
import { close } from './file.ts';
import type { Libc } from './libc.ts';

const FSOPEN_CLOEXEC = 1;
const FSMOUNT_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;

/** A descriptor of its root directory, or -errno (EPERM: needs CAP_SYS_ADMIN; ENODEV: not built in; ENOSYS before Linux 5.2). */
export function detachedMount(libc: Libc, type: 'tmpfs' | 'tracefs'): number {
  const { raw, result, numbers } = libc;
  const context = result(raw.syscall(numbers.fsopen, libc.path(type), FSOPEN_CLOEXEC, 0, 0, 0));
  if (context < 0) return context;
  const made = result(raw.syscall(numbers.fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0));
  const root = made < 0 ? made : result(raw.syscall(numbers.fsmount, context, FSMOUNT_CLOEXEC, 0, 0, 0));
  close(libc, context);
  return root;
}
