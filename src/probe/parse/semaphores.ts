// Text of System V semaphores: /proc/sysvipc/sem (ipc/sem.c, sysvipc_sem_proc_show) and /proc/sys/kernel/sem (proc_sys_kernel(5)).

/** A line each set, behind a title: `key semid perms nsems …`; undefined: no such text. */
export function parseSemaphoreTable(text: string): { readonly sets: number; readonly semaphores: number } | undefined {
  const [title = '', ...lines] = text.split('\n');
  if (!/^\s*key\s+semid\s+perms\s+nsems\b/.test(title)) return undefined;
  let sets = 0;
  let semaphores = 0;
  for (const line of lines) {
    const count = /^\s*-?\d+\s+\d+\s+[0-7]+\s+(\d+)\s/.exec(line)?.[1];
    if (count === undefined) continue;
    sets++;
    semaphores += Number(count);
  }
  return { sets, semaphores };
}

/** `SEMMSL SEMMNS SEMOPM SEMMNI` */
export function parseSemaphoreLimits(
  text: string,
): { readonly mostSets: number; readonly mostSemaphores: number } | undefined {
  const [, mostSemaphores, mostSets] = /^\d+\s+(\d+)\s+\d+\s+(\d+)\s*$/.exec(text) ?? [];
  if (mostSets === undefined) return undefined;
  return { mostSets: Number(mostSets), mostSemaphores: Number(mostSemaphores) };
}
