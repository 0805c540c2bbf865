// Other roots for /proc and /dev/shm, from the environment: captured trees, a host's as a container sees them.

/** An empty value counts as none. */
export function rootsFrom(env: NodeJS.ProcessEnv): { readonly procRoot?: string; readonly shmRoot?: string } {
  return { procRoot: env.SHMTOP_PROC || undefined, shmRoot: env.SHMTOP_SHM || undefined };
}
