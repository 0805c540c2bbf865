// Signals by name: signal(7), the numbers of x86 and ARM.

const NAMES =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  );
/** Those that the kernel sends to whoever did what cannot be done. */
const CRASHES: ReadonlySet<string> = new Set(['ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'SEGV', 'SYS']);

/** `SIGKILL`; `signal 40` where it has no name of its own. */
export function signalName(signal: number): string {
  const name = NAMES[signal - 1];
  return name === undefined ? `signal ${signal}` : `SIG${name}`;
}

export function isCrash(signal: number): boolean {
  return CRASHES.has(NAMES[signal - 1] ?? '');
}
