// PURE: lists of processors as the kernel writes them (cpuset(7), "List format"): `0-3,8,10-11`.

/** The numbers, ascending as they stand; empty for what is no such list. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const part of text.trim().split(',').filter(Boolean)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (!match) return [];
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    for (let cpu = first; cpu <= last && cpus.length < 65_536; cpu++) cpus.push(cpu);
  }
  return cpus;
}
