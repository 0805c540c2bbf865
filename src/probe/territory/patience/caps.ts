// How much is read of what others write: enough for every honest machine seen, and never more than we can afford.

/** Of any file at once. The largest honest one is the table of 32,768 segments (5.6 MB). */
export const MOST_FILE_BYTES = 16 * 1024 * 1024;

/** /proc/PID/stat: 52 numbers and a name of 15 bytes. */
export const MOST_STAT_BYTES = 4096;

/** /proc/PID/status: 65,536 groups (NGROUPS_MAX) of 11 characters, and the rest. */
export const MOST_STATUS_BYTES = 1024 * 1024;

/** /proc/PID/cgroup: a path of PATH_MAX for each of the hierarchies. */
export const MOST_CGROUP_BYTES = 64 * 1024;

/** Of a command line. PR_SET_MM_MAP (prctl(2)) lets anybody say that his own is as long as his memory. */
export const COMMAND_LINE_BYTES = 4096;

/** Of a command line or an environment that is searched for names: Linux lets one string have 128 KiB (execve(2)). */
export const MENTION_BYTES = 256 * 1024;

/** Of the text of the mappings: 65,530 mappings (the default of vm.max_map_count) with paths of some 400 bytes. */
export const MOST_MAPS_BYTES = 32 * 1024 * 1024;

/** Threads of one process that are looked at one by one. */
export const MOST_THREADS = 32_768;

/** Threads that are asked for their namespaces in one look, and the time for it. */
export const MOST_THREADS_ASKED = 30_000;
export const THREADS_ASKED_MS = 300;

/** Different tables of descriptors that the threads of one process may have. */
export const MOST_TABLES = 16;
