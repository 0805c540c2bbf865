// taskstats over generic netlink (Documentation/accounting/taskstats.rst): one record for every thread of the machine that ends.
import { close } from './file.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const NETLINK_GENERIC = 16;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
/** The kernel counts some 1.3 KB a record: so many ends may come while we do not look. */
const RECEIVE_BUFFER_BYTES = 16 * 1024 * 1024;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLMSG_ERROR = 2;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_NAME = 2;
const CTRL_ATTR_FAMILY_ID = 1;
const TASKSTATS_CMD_GET = 1;
const ATTR_PID = 1;
const ATTR_REGISTER_CPUMASK = 3;
/** nlmsghdr (16 bytes) and genlmsghdr (4). */
const HEADERS = 20;
const EPROTO = 71;

/**
 * A socket on which the kernel answers about `pid` once (see `answer`) and then tells every end on the processors of `cpus`
 * (`0-3`, as in /sys/devices/system/cpu/possible): a descriptor, or -errno: ENOENT outside the first network namespace or without
 * CONFIG_TASKSTATS, EPERM without CAP_NET_ADMIN, EINVAL in another user or pid namespace.
 */
export function openTaskstats(
  libc: Libc,
  cpus: string,
  buffer: NativeMemory,
  pid: number,
  answer: (bytes: Uint8Array, count: number) => boolean,
): number {
  const { raw, result } = libc;
  const fd = result(raw.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC));
  if (fd < 0) return fd;
  const fail = (failed: number) => {
    close(libc, fd);
    return failed;
  };
  const size = libc.allocate(8);
  size.i32[0] = RECEIVE_BUFFER_BYTES;
  raw.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size.address, 4); // EPERM: then what net.core.rmem_default gives
  const family = familyOf(libc, fd, buffer);
  if (family < 0) return fail(family);
  const own = libc.allocate(8);
  own.u32[0] = pid;
  send(libc, fd, { type: family, flags: 0, command: TASKSTATS_CMD_GET, attribute: ATTR_PID }, own.bytes.subarray(0, 4));
  const got = result(raw.recv(fd, buffer.address, buffer.bytes.length, 0));
  if (got < 0) return fail(got);
  const refused = errorIn(buffer, got);
  if (refused < 0) return fail(refused);
  if (!answer(buffer.bytes, got)) return fail(-EPROTO);
  const mask = Buffer.from(`${cpus}\0`, 'latin1');
  const wish = { type: family, flags: NLM_F_ACK, command: TASKSTATS_CMD_GET, attribute: ATTR_REGISTER_CPUMASK };
  const sent = send(libc, fd, wish, mask);
  if (sent < 0) return fail(sent);
  // The first answer is the acknowledgement, or an end that was told already: then it worked.
  const acknowledged = result(raw.recv(fd, buffer.address, buffer.bytes.length, 0));
  const failed = acknowledged < 0 ? acknowledged : errorIn(buffer, acknowledged);
  return failed < 0 ? fail(failed) : fd;
}

function familyOf(libc: Libc, fd: number, buffer: NativeMemory): number {
  const name = Buffer.from('TASKSTATS\0', 'latin1');
  const wish = { type: GENL_ID_CTRL, flags: 0, command: CTRL_CMD_GETFAMILY, attribute: CTRL_ATTR_FAMILY_NAME };
  const sent = send(libc, fd, wish, name);
  if (sent < 0) return sent;
  const got = libc.result(libc.raw.recv(fd, buffer.address, buffer.bytes.length, 0));
  if (got < 0) return got;
  const refused = errorIn(buffer, got);
  if (refused < 0) return refused;
  const { bytes } = buffer;
  const u16 = (at: number) => bytes[at] | (bytes[at + 1] << 8);
  for (let at = HEADERS; at + 4 <= got; at += (u16(at) + 3) & ~3) {
    if (u16(at + 2) === CTRL_ATTR_FAMILY_ID) return u16(at + 4);
    if (u16(at) < 4) break;
  }
  return -EPROTO;
}

interface Wish {
  readonly type: number;
  readonly flags: number;
  readonly command: number;
  readonly attribute: number;
}

function send(libc: Libc, fd: number, { type, flags, command, attribute }: Wish, value: Uint8Array): number {
  const length = HEADERS + 4 + value.length;
  const message = libc.allocate(length + 8);
  const { bytes, u32 } = message;
  u32[0] = HEADERS + ((4 + value.length + 3) & ~3);
  u32[1] = type | ((NLM_F_REQUEST | flags) << 16);
  bytes[16] = command;
  bytes[17] = 1; // version
  u32[HEADERS / 4] = (4 + value.length) | (attribute << 16);
  bytes.set(value, HEADERS + 4);
  return libc.result(libc.raw.send(fd, message.address, u32[0], 0));
}

/** 0, or the -errno of an NLMSG_ERROR. */
function errorIn({ bytes, i32 }: NativeMemory, count: number): number {
  const isError = count >= 20 && (bytes[4] | (bytes[5] << 8)) === NLMSG_ERROR;
  return isError ? i32[4] : 0;
}
