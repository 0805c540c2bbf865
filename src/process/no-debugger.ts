// SIGUSR1 opens no debugger: Node would let every local user who reaches its port run code as whoever runs this.

/**
 * Takes the signal away from Node for the whole process, threads too (the process may still be told; it does nothing). One that
 * came in the milliseconds before this has opened the port by now, or opens it in a moment: it is closed, twice.
 */
export function noDebugger(): void {
  process.on('SIGUSR1', close);
  close();
  setImmediate(close);
}

/** What `inspector.close()` calls; that module itself would cost two milliseconds at every start. */
function close(): void {
  const end: unknown = Reflect.get(process, '_debugEnd');
  // Who started it with --inspect wants it, and could read all of us anyway.
  if (typeof end === 'function' && !process.execArgv.some((word) => word.startsWith('--inspect'))) end.call(process);
}
