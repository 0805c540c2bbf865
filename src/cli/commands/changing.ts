// The commands that change the machine: removal, and the load generator.
import type { CommandSpec } from '../command-line.ts';
import { HELP, json, minAge } from './options.ts';

export const RM: CommandSpec = {
  name: 'rm',
  summary: 'remove objects, each looked at again in the moment of its removal',
  words: { name: 'ID', help: 'as ls prints it; with --abandoned, --orphaned or --unheld filter words as for ls' },
  options: [
    { name: 'abandoned', help: 'all of which it is proven that nobody holds it and nobody will come back for it' },
    {
      name: 'orphaned',
      help: 'all that nobody holds and whose makers are gone, though nothing proves that nobody will come back; --yes only beside --min-age',
    },
    { name: 'unheld', help: 'all that nobody holds now, though somebody may come back' },
    {
      name: 'namespace',
      value: 'list',
      help: 'with --abandoned, --orphaned or --unheld: in these other namespaces too, or all; see below',
    },
    { name: 'dry-run', short: 'n', help: 'only say what would happen' },
    { name: 'yes', short: 'y', help: 'do not ask' },
    { name: 'force', help: 'what is in use or unknown too; only by ID' },
    { name: 'save', value: 'dir', help: 'copy the content there first; see shmtop restore' },
    minAge,
    { name: 'history', help: 'what was removed, when, by whom and why' },
    { name: 'since', value: 'time', help: 'with --history: only what was removed so long ago or less, such as 1h' },
    { name: 'last', value: 'n', help: 'with --history: only so many, the newest' },
    json('one JSON object'),
    HELP,
  ],
};

export const RESTORE: CommandSpec = {
  name: 'restore',
  summary: 'bring back what rm --save kept, under its key or name if that is free',
  words: { name: 'FILE', help: 'the saved content, or its .json', isRequired: true },
  options: [json('one JSON object a line for each file'), HELP],
};

export const LOAD: CommandSpec = {
  name: 'load',
  summary: 'generate a load over shared memory with real processes, and measure it',
  options: [
    {
      name: 'sync',
      value: 'mode',
      help: 'how a reader learns of data: futex by default; --modes lists all',
    },
    { name: 'modes', help: 'list the sync modes: how does the reader know that data has come?' },
    { name: 'size', value: 'bytes', help: 'of a message: 8, 64, 1K, 64K, 1M … 16M; 64 by default' },
    { name: 'duration', value: 'time', help: 'measured time: 500ms, 10s, 2m; 10s by default' },
    { name: 'rate', value: 'n', help: 'so many messages a second and pair, to measure one-way latency' },
    { name: 'pairs', value: 'n', help: 'producer and consumer pairs, a ring each; 1 by default' },
    { name: 'backing', value: 'kind', help: 'sysv, posix or memfd; sysv by default' },
    { name: 'buffer', value: 'kind', help: 'bounded (the writer waits) or unbounded (it grows); bounded by default' },
    { name: 'most', value: 'bytes', help: 'how far an unbounded buffer grows, a pair; 256M by default' },
    { name: 'reader-rate', value: 'n', help: 'the reader takes at most so many messages a second and pair' },
    { name: 'verify', value: 'level', help: 'full, sample, seq or off; sample by default' },
    { name: 'group', value: 'n', help: 'messages that the producer fills with one copy; 1 by default' },
    {
      name: 'api',
      value: 'kind',
      help: 'copy, view (read in place), pool (buffers lent), or all: what zero copy gains',
    },
    { name: 'producers', value: 'n', help: 'so many share one ring of fixed slots, with fairness shown' },
    { name: 'consumers', value: 'n', help: 'the same of its readers; either alone: 1 of the other' },
    { name: 'huge', help: 'a segment of huge pages that root has set aside; sysv or memfd' },
    { name: 'pin', help: 'bind each side to a processor of its own' },
    { name: 'node', value: 'n,n', help: 'bind producers and consumers to the processors of these nodes' },
    { name: 'no-latency', help: 'skip the probes of round trip and wake-up before the load' },
    { name: 'compare', help: 'the same through pipes, sockets, queues and process_vm_readv too' },
    {
      name: 'rounds',
      value: 'n',
      help: 'interleaved rounds of --compare (by default as many as end in time) and --api all (5)',
    },
    { name: 'sweep', help: 'run through the sizes from 8 B to 16 MiB' },
    { name: 'csv', help: 'print the sweep as CSV' },
    { name: 'tour', help: 'ten short scenes on harmless objects: what shared memory does, seen in shmtop' },
    { name: 'leak', value: 'n', isValueOptional: true, help: 'leave n objects behind to practise on; 5 by default' },
    { name: 'clean', help: 'with --leak: remove them again' },
    json('one JSON object at the end'),
    HELP,
  ],
};
