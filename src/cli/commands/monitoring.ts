// The commands that other programs run at intervals: a check with thresholds, and metrics.
import { MEASURES } from '../check/measure.ts';
import type { CommandSpec, OptionSpec } from '../command-line.ts';
import { HELP, minAge, VERSION } from './options.ts';

const MEASURED: Readonly<Record<(typeof MEASURES)[number]['option'], string>> = {
  abandoned: 'how many objects are proven to be left over, as rm --abandoned would gather them',
  orphaned: 'how many nobody holds whose makers are gone, as rm --orphaned would',
  'abandoned-bytes': 'how much memory and swap those have that are proven to be left over',
  'segments-used': 'how many System V segments there are, in percent of SHMMNI',
  'shm-used': 'how full /dev/shm is, in percent of its bytes',
  'inodes-used': 'how full /dev/shm is, in percent of its inodes',
  'semaphores-used': 'semaphore sets and semaphores, in percent of SEMMNI and SEMMNS',
};

const range = (name: string, short: string): OptionSpec => ({
  name,
  short,
  value: 'range',
  help: `when it is ${name}, explained below`,
});

export const CHECK: CommandSpec = {
  name: 'check',
  summary:
    'one value against thresholds, for cron and monitoring: one line, exit 0 fine, 1 warning, 2 critical, 3 unknown',
  words: { name: 'FILTER', help: 'with --abandoned and --orphaned: words that select objects, as for ls' },
  options: [
    ...MEASURES.map(({ option }): OptionSpec => ({ name: option, help: MEASURED[option] })),
    range('warning', 'w'),
    range('critical', 'c'),
    { name: 'namespace', value: 'list', help: 'count in these other namespaces too, or in all, as for rm' },
    minAge,
    VERSION,
    HELP,
  ],
};

export const METRICS: CommandSpec = {
  name: 'metrics',
  summary: 'OpenMetrics text for Prometheus and the like: once, or for whoever asks over HTTP',
  options: [
    {
      name: 'listen',
      value: 'address',
      isValueOptional: true,
      help: 'answer GET /metrics there until it is ended; 127.0.0.1:9779 by default, another machine only at an address that is given',
    },
    { name: 'output', value: 'file', help: 'replace this file in one step, for a textfile collector' },
    {
      name: 'objects',
      value: 'n',
      help: 'the n largest objects one by one too, 1000 at most: a series for each that ever was',
    },
    minAge,
    HELP,
  ],
};
