// Ordinary files that programs share by mapping them: hints at their makers, shown with --all. There is nothing to judge.
import type { SoftwareRow } from '../software.ts';

const ROW = { outlives: true, leftover: { when: 'unknown' } } as const;

export const MAPPED_FILES: readonly SoftwareRow[] = [
  {
    // <prefix>map_<n> on a hugetlbfs; the default prefix is rte.
    match: { on: 'file', path: /\/(?:rtemap_\d{1,6}|[^/]{0,200}huge[^/]{0,200}\/[\w.-]{1,64}map_\d{1,6})$/ },
    name: 'DPDK',
    role: 'huge page of a packet-processing program',
    ...ROW,
    removalBreaks: 'primary and secondary processes',
    cleanup: '--huge-unlink=existing|always|never of its programs',
    source: 'doc.dpdk.org linux_eal_parameters',
    mark: 'D',
  },
  {
    match: { on: 'file', path: /\/hsperfdata_[^/\x00-\x1f]{1,64}\/\d{1,7}$/ },
    name: 'OpenJDK',
    role: 'counters of a JVM, named by its pid',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'jps and jstat',
    cleanup: 'the next JVM of that user removes those of dead ones',
    source: 'OpenJDK 17 run and killed',
    mark: 'V',
  },
  {
    match: { on: 'file', path: /[^/]\.[A-Za-z0-9_]{1,12}-shm$/ },
    name: 'SQLite',
    role: 'index of a write-ahead log',
    ...ROW,
    removalBreaks: 'programs that have the database open',
    cleanup: 'open the database once; the last one to close it removes it',
    source: 'run and killed (SQLite WAL); sqlite.org/wal.html',
    mark: 'V',
  },
  {
    match: {
      on: 'file',
      path: /\/(?:journal\/(?:[^/\x00-\x1f]{1,64}\/)?[\w@.-]{1,200}\.journal|systemd\/journal\/[\w-]{1,64})$/,
    },
    name: 'systemd-journald',
    role: 'journal of the system',
    ...ROW,
    removalBreaks: 'the log is lost',
    cleanup: 'journalctl --vacuum-time',
    source: 'systemd-journald 252 run',
    mark: 'V',
  },
  {
    match: { on: 'file', path: /\/_\.vsm_(?:mgt|child)\/_\.\w{1,32}\.[\w.-]{1,64}$/ },
    name: 'Varnish',
    role: 'log and counters of a cache',
    ...ROW,
    removalBreaks: 'varnishlog and varnishstat',
    source: 'Varnish 7.1 run and killed',
    mark: 'V',
  },
];
