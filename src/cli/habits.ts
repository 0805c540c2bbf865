// What hands type that know other programs: a word or option that is none here, and what to say about it.

/** Commands of other programs, by ours. */
const COMMANDS_ELSEWHERE: Readonly<Record<string, string>> = {
  list: 'ls',
  ll: 'ls',
  ipcs: 'ls',
  lsipc: 'ls',
  status: 'ls',
  cat: 'show',
  get: 'show',
  info: 'show',
  inspect: 'show',
  stat: 'show',
  lsof: 'ps',
  pids: 'ps',
  processes: 'ps',
  clean: 'rm',
  delete: 'rm',
  del: 'rm',
  gc: 'rm',
  ipcrm: 'rm',
  kill: 'rm',
  prune: 'rm',
  purge: 'rm',
  remove: 'rm',
  events: 'watch',
  follow: 'watch',
  monitor: 'watch',
  tail: 'watch',
  trace: 'watch',
  journal: 'history',
  log: 'history',
  logs: 'history',
  record: 'witness',
  compare: 'diff',
  bench: 'load',
  benchmark: 'load',
  stress: 'load',
  limits: 'doctor',
  alert: 'check',
  nagios: 'check',
  monitoring: 'check',
  exporter: 'metrics',
  prometheus: 'metrics',
  openmetrics: 'metrics',
  completions: 'completion',
  undo: 'restore',
};

/** Options of ipcs(1), top(1), htop(1) and ipcrm(1) that have another name here, or none; by option, for a command or for all. */
const OPTIONS_ELSEWHERE: readonly { readonly typed: readonly string[]; readonly hint: string; readonly of?: string }[] =
  [
    {
      typed: ['-m', '--shmems', '-q', '-S', '--semaphores', '--queues'],
      hint: 'all that is shown is shared memory: leave it out',
    },
    { typed: ['-a'], hint: 'did you mean --all?' },
    { typed: ['-i', '--id'], hint: 'one object is shmtop show sysv:5' },
    { typed: ['-c', '--creator'], hint: 'creators and last users are told by shmtop show sysv:5' },
    { typed: ['-t', '--time'], hint: 'times are told by shmtop show sysv:5; a column is --columns +idle' },
    { typed: ['-l', '--limits'], hint: 'limits are told by shmtop doctor' },
    { typed: ['-o', '--sort-key', '--order', '--sort-by'], hint: 'did you mean --sort (-s)?' },
    { typed: ['-f', '--fields', '--format', '--output', '--cols', '-w'], hint: 'did you mean --columns?' },
    { typed: ['-C', '--no-color', '--no-colour'], hint: 'colours are off with NO_COLOR=1' },
    { typed: ['--filter', '-F'], hint: 'filter words need no option: shmtop ls user=alice' },
    { typed: ['--noheadings', '--noheader', '--no-headings'], hint: 'did you mean --no-header?' },
    { typed: ['-J'], hint: 'did you mean --json?' },
    {
      typed: ['--delay', '--every', '--iterations'],
      hint: 'did you mean --interval (-d) or --count (-n)?',
      of: 'dashboard',
    },
    { typed: ['--interval', '--delay', '--every', '--refresh'], hint: 'did you mean --watch (-d)?', of: 'ls' },
    {
      typed: ['-M', '--shmem-key', '--shmem-id'],
      hint: 'keys and IDs need no option: shmtop rm 0x5301, shmtop rm sysv:5',
      of: 'rm',
    },
    { typed: ['-f', '--assume-yes'], hint: 'did you mean --yes (-y), or --force for what is in use?', of: 'rm' },
    { typed: ['--older-than', '--age'], hint: 'did you mean --min-age?', of: 'rm' },
  ];

/** Our name for a command of another program. */
export const commandElsewhere = (typed: string): string | undefined =>
  Object.hasOwn(COMMANDS_ELSEWHERE, typed) ? COMMANDS_ELSEWHERE[typed] : undefined;

/** What helps whoever typed this option with that command; undefined: nothing is known of it. */
export function hintForOption(command: string, typed: string): string | undefined {
  const rows = OPTIONS_ELSEWHERE.filter((row) => row.typed.includes(typed));
  return (rows.find(({ of }) => of === command) ?? rows.find(({ of }) => of === undefined))?.hint;
}
