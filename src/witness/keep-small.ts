// Keeps V8 from taking memory for bursts.

/**
 * V8 would double its young generation for a burst and keep it. `isAlone`: nothing but recording is done in this process; then it also
 * would compile what runs often once more and better, which costs more time and memory than it saves (22 instead of 38 ms of CPU a
 * second, 50 instead of 62 MB, with 1,000 objects). Other versions may not know the flags.
 */
export function keepSmall(isAlone: boolean): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major < 12 || major > 14) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const flag of ['--semi-space-growth-factor=1', ...(isAlone ? ['--no-opt'] : [])]) setFlagsFromString(flag);
}
