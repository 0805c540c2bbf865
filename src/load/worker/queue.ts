// Messages through message queues, System V or POSIX: one call each, and the kernel keeps them apart.
import { EIDRM, EINTR, EINVAL, ETIMEDOUT, errnoName } from '../../native/errno.ts';
import type { Libc } from '../../native/libc.ts';
import { mqOpen, mqTimedReceive, mqTimedSend } from '../../native/posix-mq.ts';
import { MESSAGE_TYPE_BYTES, msgrcv, msgsnd } from '../../native/sysv-mq.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { MQ_LIMIT_BYTES } from '../model/transports.ts';
import { WAIT_MS } from '../sync/sync.ts';
import { mayEnd } from './ending.ts';
import type { Port } from './port.ts';
import type { Role } from './role.ts';

/** Queues to send to and to receive from; a side that does only one of both has only that. */
export interface QueueNames {
  readonly send?: string;
  readonly receive?: string;
}

/** What is looked at now and then while a call waits (POSIX only: a System V call waits for ever, and ends when its queue goes). */
export interface QueueSide extends Pick<Role, 'view' | 'beat'> {
  /** Will nothing more be sent to this side? */
  readonly isSenderGone: () => boolean;
}

/** Throws what a call fails with, but for the end of the queue, which is the end of the messages. */
export function queuePort(
  libc: Libc,
  kind: 'sysv-mq' | 'posix-mq',
  sizeBytes: number,
  names: QueueNames,
  side: QueueSide,
): Port {
  return kind === 'sysv-mq' ? sysvPort(libc, sizeBytes, names) : posixPort(libc, sizeBytes, names, side);
}

/** `result` of a call, but an error that nobody expects is thrown. */
function only(name: string, result: number, expected: readonly number[]): number {
  if (result >= 0 || expected.includes(-result)) return result;
  throw new Error(`${name}: ${errnoName(result)}`);
}

// The queue was removed, before the call or while it waited.
const GONE = [EINVAL, EIDRM];

/** The end is a message of no bytes. */
function sysvPort(libc: Libc, sizeBytes: number, { send, receive }: QueueNames): Port {
  const out = libc.allocate(MESSAGE_TYPE_BYTES + sizeBytes);
  const into = libc.allocate(MESSAGE_TYPE_BYTES + sizeBytes);
  out.u32[0] = 1;
  const sendId = Number(send);
  const receiveId = Number(receive);
  const put = (length: number) => {
    let sent = msgsnd(libc, sendId, out.address, length);
    while (sent === -EINTR) sent = msgsnd(libc, sendId, out.address, length);
    return only('msgsnd', sent, GONE) === 0;
  };
  return {
    copy: into.bytes.subarray(MESSAGE_TYPE_BYTES, MESSAGE_TYPE_BYTES + sizeBytes),
    send: (message) => {
      out.bytes.set(message, MESSAGE_TYPE_BYTES);
      return put(sizeBytes);
    },
    receive: () => {
      let length = msgrcv(libc, receiveId, into.address, sizeBytes);
      while (length === -EINTR) length = msgrcv(libc, receiveId, into.address, sizeBytes);
      return only('msgrcv', length, GONE) > 0;
    },
    end: () => {
      put(0);
    },
  };
}

const WAITED = [ETIMEDOUT, EINTR];

/** The end is a message of no bytes, or that the sender is gone: where there was no room, it was not sent. */
function posixPort(libc: Libc, sizeBytes: number, names: QueueNames, side: QueueSide): Port {
  const opened = (name: string | undefined) => {
    if (name === undefined) return -1;
    const fd = mqOpen(libc, name);
    if (fd < 0) throw new Error(`cannot open the queue ${name}: ${errnoName(fd)}`);
    return fd;
  };
  const sendFd = opened(names.send);
  const receiveFd = opened(names.receive);
  const out = libc.allocate(sizeBytes);
  const into = libc.allocate(MQ_LIMIT_BYTES);
  const deadline = libc.allocate(16);
  const put = (length: number) => {
    while (true) {
      writeTimespec(deadline, Date.now() + WAIT_MS);
      const sent = mqTimedSend(libc, sendFd, out.address, length, deadline.address);
      if (only('mq_timedsend', sent, WAITED) === 0) return true;
      if (!side.beat.now()) return false;
    }
  };
  const take = () => {
    while (true) {
      // Asked before the call: what was sent between an empty queue and the end of its sender would be left there.
      const isGone = side.isSenderGone();
      writeTimespec(deadline, Date.now() + WAIT_MS);
      const length = mqTimedReceive(libc, receiveFd, into.address, MQ_LIMIT_BYTES, deadline.address);
      if (only('mq_timedreceive', length, WAITED) >= 0) return length;
      const isOver = mayEnd(
        side.view,
        side.beat,
        () => isGone,
        () => length === -ETIMEDOUT,
      );
      if (isOver) return 0;
    }
  };
  return {
    copy: into.bytes.subarray(0, sizeBytes),
    send: (message) => {
      out.bytes.set(message);
      return put(sizeBytes);
    },
    receive: () => take() > 0,
    end: () => {
      put(0);
    },
  };
}
