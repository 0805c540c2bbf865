// What the environment says of where to look (captured trees, a host's as a container sees them), and of whether to keep it.

/** An empty value counts as none. */
export function rootsFrom(env: NodeJS.ProcessEnv): { readonly procRoot?: string; readonly shmRoot?: string } {
  return { procRoot: env.SHMTOP_PROC || undefined, shmRoot: env.SHMTOP_SHM || undefined };
}

/** As --no-witness: beside a watch or a dashboard nothing is recorded. An empty value counts as none. */
export const mayRecordBy = (env: NodeJS.ProcessEnv): boolean => !env.SHMTOP_NO_WITNESS;
