// The thread that finds out what containers are called: it reads what engines wrote down, asks the docker daemon which containers run (one
// question, one bounded answer), and ends. Started by ask-docker.ts.
// systeminformation asks; what it connects to is decided here. It would go where DOCKER_SOCKET says, take any answer of any length, and
// ask about each container too.
import net from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { isModest, type JsonBounds } from '../model/decode/json-bounds.ts';
import type { Container } from '../model/object.ts';
import { parseContainerList } from '../parse/container-list.ts';
import type { ContainerFacts } from '../parse/container-record.ts';
import { nameThread } from '../thread/thread-name.ts';
import { ContainerRecords } from './container-records.ts';

export interface ContainerQuestion {
  /** What `connect` takes; absent: no daemon is there. */
  readonly socketPath?: string;
  /** Those whose records are looked for. */
  readonly wanted: readonly Container[];
}

/** By the id that a control group is shown with. */
export type ContainerAnswer = ReadonlyMap<string, ContainerFacts>;

/** Some thousand records. */
const RECORDS_MS = 1000;

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

async function ask(socketPath: string): Promise<ContainerAnswer> {
  Object.assign(net, { createConnection: oneConnection(socketPath) });
  const { dockerContainers } = await import('systeminformation');
  return parseContainerList(await dockerContainers(false));
}

const port = parentPort;
if (port) {
  nameThread('shmtop-names');
  const question: ContainerQuestion = workerData;
  const { socketPath, wanted } = question;
  const recorded = recordsOf(wanted);
  // Told at once: the daemon may never answer.
  if (recorded.size > 0) port.postMessage(recorded);
  if (socketPath === undefined) process.exit();
  void ask(socketPath).then((answer) => {
    port.postMessage(answer);
    process.exit();
  });
}

function recordsOf(wanted: readonly Container[]): ContainerAnswer {
  const records = new ContainerRecords({ mostMs: RECORDS_MS });
  const found = new Map<string, ContainerFacts>();
  for (const container of wanted) {
    const { id, runtime: _runtime, ...facts } = records.nameContainer(container);
    if (facts.name !== undefined || facts.pod !== undefined) found.set(id, facts);
  }
  return found;
}
