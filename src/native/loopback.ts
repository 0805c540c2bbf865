// Two connected TCP sockets on 127.0.0.1: socket(7), tcp(7). -errno on failure.
import { ECONNABORTED } from './errno.ts';
import { close } from './file.ts';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';
import type { DescriptorPair } from './pipe.ts';

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
/** `struct sockaddr_in`: family u16, port u16 and address u32 in network order, padding. */
const ADDRESS_BYTES = 16;
const PATIENCE_SEC = 2;

/**
 * Both ends, each sends what it is given at once (TCP_NODELAY). The port is open to every local user for a moment: whoever else got
 * in there is not talked to (-ECONNABORTED); the port is closed before this returns.
 */
export function loopbackPair(libc: Libc): DescriptorPair | number {
  const { raw, numbers, result } = libc;
  const address = libc.allocate(ADDRESS_BYTES);
  const listener = openSocket(libc);
  if (listener < 0) return listener;
  // Who fills the queue of the port must not make us wait.
  setPatience(libc, listener, SO_RCVTIMEO, PATIENCE_SEC);
  address.u32[0] = AF_INET;
  address.bytes.set([127, 0, 0, 1], 4);
  let failed = result(raw.bind(listener, address.address, ADDRESS_BYTES));
  if (failed === 0) failed = result(raw.syscall(numbers.listen, listener, 1, 0, 0, 0));
  if (failed === 0) failed = nameOf(libc, listener, address, numbers.getsockname);
  const writeFd = failed < 0 ? failed : openSocket(libc);
  if (writeFd >= 0) setPatience(libc, writeFd, SO_SNDTIMEO, PATIENCE_SEC);
  if (writeFd >= 0) failed = result(raw.syscall(numbers.connect, writeFd, address.address, ADDRESS_BYTES, 0, 0));
  const accepted = failed < 0 ? failed : result(raw.syscall(numbers.accept4, listener, 0, 0, O_CLOEXEC, 0));
  close(libc, listener);
  const readFd = accepted >= 0 && !isSame(libc, writeFd, accepted) ? refuse(libc, accepted) : accepted;
  if (readFd < 0) {
    if (writeFd >= 0) close(libc, writeFd);
    return readFd;
  }
  setPatience(libc, writeFd, SO_SNDTIMEO, 0);
  for (const fd of [readFd, writeFd]) setNoDelay(libc, fd);
  return { readFd, writeFd };
}

const openSocket = ({ raw, result }: Libc) => result(raw.socket(AF_INET, SOCK_STREAM | O_CLOEXEC, 0));

function refuse(libc: Libc, fd: number): number {
  close(libc, fd);
  return -ECONNABORTED;
}

function nameOf(libc: Libc, fd: number, address: NativeMemory, number: number): number {
  const length = libc.allocate(8);
  length.u32[0] = ADDRESS_BYTES;
  return libc.result(libc.raw.syscall(number, fd, address.address, length.address, 0, 0));
}

/** Is what was accepted the other end of the socket that we connected? */
function isSame(libc: Libc, connected: number, accepted: number): boolean {
  const ours = libc.allocate(ADDRESS_BYTES);
  const theirs = libc.allocate(ADDRESS_BYTES);
  if (nameOf(libc, connected, ours, libc.numbers.getsockname) < 0) return false;
  if (nameOf(libc, accepted, theirs, libc.numbers.getpeername) < 0) return false;
  return ours.u32[0] === theirs.u32[0] && ours.u32[1] === theirs.u32[1];
}

function setNoDelay(libc: Libc, fd: number): void {
  const on = libc.allocate(8);
  on.u32[0] = 1;
  libc.raw.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, on.address, 4);
}

/** How long a call may take (`struct timeval`); 0 for ever. */
function setPatience(libc: Libc, fd: number, option: number, seconds: number): void {
  const time = libc.allocate(16);
  time.u32[0] = seconds;
  libc.raw.setsockopt(fd, SOL_SOCKET, option, time.address, 16);
}
