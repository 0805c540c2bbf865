// Messages through message queues, System V or POSIX: one call each, and the kernel keeps them apart.
import { EINTR, ETIMEDOUT, errnoName } from '../../native/errno.ts';
import type { Libc } from '../../native/libc.ts';
import { mqOpen, mqTimedReceive, mqTimedSend } from '../../native/posix-mq.ts';
import { MESSAGE_TYPE_BYTES, msgrcv, msgsnd } from '../../native/sysv-mq.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { MQ_LIMIT_BYTES } from '../model/transports.ts';
import { WAIT_MS } from '../sync/sync.ts';
import type { Port } from './port.ts';

/** Queues to send to and to receive from; a side that does only one of both has only that. */
export interface QueueNames {
  readonly send?: string;
  readonly receive?: string;
}

/** `goesOn`: asked now and then while a call waits (POSIX only: a System V call waits for ever, and ends when its queue goes). */
export function queuePort(
  libc: Libc,
  kind: 'sysv-mq' | 'posix-mq',
  sizeBytes: number,
  names: QueueNames,
  goesOn: () => boolean,
): Port {
  return kind === 'sysv-mq' ? sysvPort(libc, sizeBytes, names) : posixPort(libc, sizeBytes, names, goesOn);
}

/** The end is a message of no bytes. */
function sysvPort(libc: Libc, sizeBytes: number, { send, receive }: QueueNames): Port {
  const out = libc.allocate(MESSAGE_TYPE_BYTES + sizeBytes);
  const into = libc.allocate(MESSAGE_TYPE_BYTES + sizeBytes);
  out.u32[0] = 1;
  const sendId = Number(send);
  const receiveId = Number(receive);
  return {
    copy: into.bytes.subarray(MESSAGE_TYPE_BYTES, MESSAGE_TYPE_BYTES + sizeBytes),
    send: (message) => {
      out.bytes.set(message, MESSAGE_TYPE_BYTES);
      let sent = msgsnd(libc, sendId, out.address, sizeBytes);
      while (sent === -EINTR) sent = msgsnd(libc, sendId, out.address, sizeBytes);
      return sent === 0;
    },
    receive: () => {
      let length = msgrcv(libc, receiveId, into.address, sizeBytes);
      while (length === -EINTR) length = msgrcv(libc, receiveId, into.address, sizeBytes);
      return length > 0;
    },
    end: () => {
      msgsnd(libc, sendId, out.address, 0);
    },
  };
}

function posixPort(libc: Libc, sizeBytes: number, names: QueueNames, goesOn: () => boolean): Port {
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
  const patiently = (call: () => number) => {
    while (true) {
      writeTimespec(deadline, Date.now() + WAIT_MS);
      const result = call();
      if (result !== -ETIMEDOUT && result !== -EINTR) return result;
      if (!goesOn()) return result;
    }
  };
  const put = (length: number) =>
    patiently(() => mqTimedSend(libc, sendFd, out.address, length, deadline.address)) === 0;
  return {
    copy: into.bytes.subarray(0, sizeBytes),
    send: (message) => {
      out.bytes.set(message);
      return put(sizeBytes);
    },
    receive: () => patiently(() => mqTimedReceive(libc, receiveFd, into.address, MQ_LIMIT_BYTES, deadline.address)) > 0,
    end: () => {
      put(0);
    },
  };
}
