// The thread that asks the docker daemon which containers run: one question, one bounded answer, and it ends. Started by ask-docker.ts.
// systeminformation asks; what it connects to is decided here. It would go where DOCKER_SOCKET says, take any answer of any length, and
// ask about each container too.
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { isModest, type JsonBounds } from '../model/decode/json-bounds.ts';
import { parseContainerList } from '../parse/container-list.ts';
import { nameThread } from '../thread/thread-name.ts';

export interface ContainerQuestion {
  /** What `connect` takes. */
  readonly socketPath: string;
}

/** By id, as parse/container-list.ts gives them. */
export type ContainerAnswer = ReadonlyMap<string, string>;

/** A thousand containers with many labels; more is no answer. */
const MOST_BYTES = 4 * 1024 * 1024;
const BOUNDS: JsonBounds = { mostDepth: 16, mostContainers: 60_000, mostValues: 400_000 };

/** From the connection to the end of the answer; a daemon with hundreds of containers takes some 100 ms. */
const DEADLINE_MS = 2000;

const { connect } = net;

/** In place of `net.createConnection`, in this thread alone: the first connection is the list, all further ones fail. */
function oneConnection(path: string) {
  let isMade = false;
  return () => {
    if (isMade) return REFUSED;
    isMade = true;
    const pieces: Buffer[] = [];
    let bytes = 0;
    setTimeout(() => process.exit(), DEADLINE_MS);
    const socket = connect({ path });
    socket.on('data', (piece) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MOST_BYTES) process.exit();
    });
    // Heard before systeminformation hears it, which then parses what it has: nobody can stop that.
    socket.on('end', () => {
      const answer = Buffer.concat(pieces);
      if (!isModest(answer.subarray(Math.max(0, answer.indexOf('\r\n\r\n'))), BOUNDS)) process.exit();
    });
    return socket;
  };
}

/** As much of a socket as is used of one that cannot be connected. */
const REFUSED = {
  setTimeout: () => {},
  on: (event: string, heard: () => void) => {
    if (event === 'error') queueMicrotask(heard);
  },
};

async function ask({ socketPath }: ContainerQuestion): Promise<ContainerAnswer> {
  Object.assign(net, { createConnection: oneConnection(socketPath) });
  const { dockerContainers } = await import('systeminformation');
  return parseContainerList(await dockerContainers(false));
}

const port = parentPort;
if (port) {
  nameThread('shmtop-names');
  const question: ContainerQuestion = workerData;
  void ask(question).then((answer) => {
    port.postMessage(answer);
    process.exit();
  });
}
