// PURE: THE table of what can carry messages from one process to another: what each is called, how it works and what limits it.
import type { Transport } from './options.ts';

export interface TransportWords {
  /** At most 18 characters. */
  readonly label: string;
  /** What it costs and where it ends, in one line. */
  readonly limit: string;
}

/** The longest message of a queue as it comes (kernel.msgmax, fs.mqueue.msgsize_max), in each new IPC namespace too. */
export const MQ_LIMIT_BYTES = 8192;

export const TRANSPORT_WORDS: Readonly<Record<Transport, TransportWords>> = {
  shm: {
    label: 'shared memory',
    limit: 'no call a message and no limit but memory; who may write when is yours to settle',
  },
  pipe: { label: 'pipe(2), 64 KiB', limit: 'a call a message at each end, 64 KiB in flight; only between relatives' },
  'pipe-1m': { label: 'pipe(2), 1 MiB', limit: 'the same with fs.pipe-max-size in flight' },
  unix: { label: 'unix socket', limit: 'both ways, passes descriptors; net.core.wmem_default in flight' },
  stdio: { label: 'Node stdio stream', limit: 'what child_process gives: a unix socket behind streams of JavaScript' },
  fifo: { label: 'FIFO', limit: 'a pipe with a name, for strangers; 64 KiB in flight' },
  vmsplice: {
    label: 'vmsplice, 1 MiB',
    limit: 'pages instead of copies at one end; they must not change until they are read',
  },
  tcp: {
    label: 'TCP, loopback',
    limit: 'the only one that also reaches other machines; copied through the network stack',
  },
  'sysv-mq': {
    label: 'System V queue',
    limit: 'messages keep their bounds; 8 KiB each (msgmax), 16 KiB in flight (msgmnb); leaks as segments do',
  },
  'posix-mq': {
    label: 'POSIX queue',
    limit: 'messages keep their bounds and have priorities; 8 KiB each, 10 in flight (fs.mqueue)',
  },
  'vm-readv': {
    label: 'process_vm_readv',
    limit: 'one copy, made by the reader; needs the right to trace the other (ptrace)',
  },
  'vm-writev': {
    label: 'process_vm_writev',
    limit: 'one copy, made by the writer; needs the right to trace the other (ptrace)',
  },
};

/** Carried by the ring, or by a ring in private memory that the other reads or writes by a call. */
export function hasRing(transport: Transport): boolean {
  return transport === 'shm' || isForeign(transport);
}

/** One process reads and writes the private memory of the other. */
export function isForeign(transport: Transport): boolean {
  return transport === 'vm-readv' || transport === 'vm-writev';
}

export function isQueue(transport: Transport): transport is 'sysv-mq' | 'posix-mq' {
  return transport === 'sysv-mq' || transport === 'posix-mq';
}

/** A stream of bytes between two descriptors. */
export type ChannelTransport = Exclude<Transport, 'shm' | 'sysv-mq' | 'posix-mq' | 'vm-readv' | 'vm-writev'>;

export function isChannel(transport: Transport): transport is ChannelTransport {
  return !hasRing(transport) && !isQueue(transport);
}
