// A tracefs of our own for reading tracepoint ids, without touching the mount table: it goes with its descriptor.
import { close } from './file.ts';
import type { Libc } from './libc.ts';

const FSOPEN_CLOEXEC = 1;
const FSMOUNT_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;

/** fsopen(2), fsconfig(2), fsmount(2): a descriptor of its root directory, or -errno (EPERM: root only; ENODEV: not built in). */
export function openTracefs(libc: Libc): number {
  const { raw, result, numbers } = libc;
  const context = result(raw.syscall(numbers.fsopen, libc.path('tracefs'), FSOPEN_CLOEXEC, 0, 0, 0));
  if (context < 0) return context;
  const made = result(raw.syscall(numbers.fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0));
  const root = made < 0 ? made : result(raw.syscall(numbers.fsmount, context, FSMOUNT_CLOEXEC, 0, 0, 0));
  close(libc, context);
  return root;
}
