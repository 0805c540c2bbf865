// Names of POSIX message queues that say whose they are: a pid means something in its own pid namespace only.
import { readlinkSync } from 'node:fs';

/** `shmtop-4026531836-4711-0`, without the slash that mq_open(3) wants. */
export function mqName(pid: number, n: number): string {
  return `shmtop-${pidNamespace()}-${pid}-${n}`;
}

/** The pid in a name of ours, of our pid namespace; undefined for all others. */
export function pidOfMq(name: string): number | undefined {
  const match = /^shmtop-(\d+)-(\d{1,10})-\d+$/.exec(name);
  return match && match[1] === pidNamespace() ? Number(match[2]) : undefined;
}

/** Digits of `pid:[4026531836]`. */
const pidNamespace = () => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
