// The process events connector (netlink, cn_proc): forks, execs and exits of the whole machine, in init's pid namespace.
import { close } from './file.ts';
import type { Libc } from './libc.ts';
import { writeU64 } from './memory.ts';

const AF_NETLINK = 16;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const NETLINK_CONNECTOR = 11;
const CN_IDX_PROC = 1;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_ATTACH_FILTER = 26;
const NLMSG_DONE = 3;
const PROC_CN_MCAST_LISTEN = 1;
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** In a message, behind nlmsghdr (16) and cn_msg (20): which event. */
const WHAT = 36;
/** enum proc_cn_event: a process has begun a session of its own. */
const PROC_EVENT_SID = 0x80;

/**
 * Opens a socket that receives every fork, exec and exit: a descriptor, or -errno: EPERM where only root may (Linux before
 * 6.6), ECONNREFUSED outside the initial network namespace, EPROTONOSUPPORT without CONFIG_PROC_EVENTS.
 */
export function openProcConnector(libc: Libc): number {
  return openConnector(libc);
}

/** The same for setsid(2) alone: the kernel throws away what else it tells before it comes to us (any version). */
export function openSetsidConnector(libc: Libc): number {
  return openConnector(libc, PROC_EVENT_SID);
}

function openConnector(libc: Libc, only?: number): number {
  const { raw, result } = libc;
  const fd = result(raw.socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR));
  if (fd < 0) return fd;
  const size = libc.allocate(8);
  size.i32[0] = RECEIVE_BUFFER_BYTES;
  raw.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size.address, 4); // as far as net.core.rmem_max lets it
  const filtered = only === undefined ? 0 : keepOnly(libc, fd, only);
  const address = libc.allocate(16);
  address.bytes[0] = AF_NETLINK;
  address.u32[2] = CN_IDX_PROC; // nl_groups
  const bound = filtered < 0 ? filtered : result(raw.bind(fd, address.address, 12));
  const sent = bound < 0 ? bound : listen(libc, fd);
  if (sent >= 0) return fd;
  close(libc, fd);
  return sent;
}

/** A socket filter (classic BPF, <linux/filter.h>): ld [WHAT]; jeq event; ret all; ret none. It loads words the other way round. */
function keepOnly(libc: Libc, fd: number, event: number): number {
  const program = libc.allocate(4 * 8);
  const swapped = ((event & 0xff) << 24) | ((event & 0xff00) << 8) | ((event >>> 8) & 0xff00) | (event >>> 24);
  program.u32.set([0x20, WHAT, 0x15 | (1 << 24), swapped >>> 0, 0x06, 0xffff_ffff, 0x06, 0]);
  const filter = libc.allocate(16);
  filter.u32[0] = 4;
  writeU64(filter.u32, 2, program.address);
  return libc.result(libc.raw.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter.address, 16));
}

/** nlmsghdr (16 bytes), cn_msg (20 bytes: idx, val, seq, ack, len), then the operation. */
function listen(libc: Libc, fd: number): number {
  const message = libc.allocate(40);
  const { u32 } = message;
  u32[0] = 40;
  u32[1] = NLMSG_DONE;
  u32[4] = CN_IDX_PROC;
  u32[5] = 1; // CN_VAL_PROC
  u32[8] = 4; // len, with flags 0 in the high half
  u32[9] = PROC_CN_MCAST_LISTEN;
  return libc.result(libc.raw.send(fd, message.address, 40, 0));
}

/** recv(2) of one datagram into native memory: bytes, -EAGAIN when there is none, -ENOBUFS when some were lost. */
export function receive(libc: Libc, fd: number, address: number, size: number): number {
  return libc.result(libc.raw.recv(fd, address, size, 0));
}
