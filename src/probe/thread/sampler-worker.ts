// The thread that observes: runs the Sampler at an interval, sends what changed, answers questions about single objects.
import { parentPort, workerData } from 'node:worker_threads';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { trimHeap } from '../../native/malloc.ts';
import { mayHaveRules } from '../../rules/places.ts';
import type { Rules } from '../../rules/rules.ts';
import { readAccountReadings } from '../look/account.ts';
import { Sampler } from '../look/sampler.ts';
import { witnessIn } from '../look/witnessed.ts';
import { MOST_OBJECTS } from '../model/assemble/ceiling.ts';
import type { StartBeside } from '../model/event/live-session.ts';
import type { LifeReader } from '../model/life/life.ts';
import { ContainerNames } from '../source/container-names.ts';
import { becomeCareful, showStallsIn } from '../territory/patience/patience.ts';
import { Backlog, newBacklog } from './backlog.ts';
import { LiveFeed } from './live-feed.ts';
import { Observer } from './observer.ts';
import { ObserverAnswers } from './observer-answers.ts';
import { nameThread } from './thread-name.ts';
import { type FromWorker, MOST_UNREAD, type ToWorker, type WorkerSettings } from './worker-protocol.ts';

/** What the start has freed is given back then, and what has come together since each time after. */
const TRIM_EVERY_MS = 60_000;
const FIRST_TRIM_MS = 3000;

if (parentPort) {
  nameThread('shmtop-sampler');
  void begin(parentPort);
}

/** What is sent meanwhile waits until somebody listens. Not awaited: a script of the single executable cannot. */
async function begin(port: NonNullable<typeof parentPort>): Promise<void> {
  const rules = mayHaveRules(process.env)
    ? (await import('../../rules/read-rules.ts')).readRules(process.env)
    : undefined;
  serve(port, workerData, rules, await besideOf(workerData, rules));
}

function serve(
  port: NonNullable<typeof parentPort>,
  settings: WorkerSettings,
  rules: Rules | undefined,
  beside: StartBeside | undefined,
): void {
  const procRoot = settings.procRoot ?? '/proc';
  if (settings.stall) showStallsIn(settings.stall);
  if (settings.isCareful) becomeCareful();
  const witness = settings.witnessFolders && witnessIn(settings.witnessFolders);
  const { nameContainer } = new ContainerNames();
  const known = { table: rules?.table, never: rules?.never, nameContainer };
  const sampler = new Sampler({
    mostObjects: MOST_OBJECTS,
    units: true,
    namespaces: true,
    ceilings: true,
    ...known,
    ...settings,
    witness,
  });
  const unread = new Backlog(settings.backlog ?? newBacklog(), settings.backlog ? MOST_UNREAD : Infinity);
  const send = (message: FromWorker) => {
    unread.sent();
    port.postMessage(message);
  };
  const isBehind = () => unread.isFull;
  const live = new LiveFeed({
    ...settings,
    sample: () => sampler.sample(),
    note: (event) => sampler.note(event),
    beside,
    send,
    isBehind,
  });
  const observer = new Observer({ procRoot, intervalMs: settings.intervalMs, sampler, live, send, isBehind });
  const lifeOf: LifeReader = (id, object) => sampler.lifeOf(id, object);
  const readAccount = () => {
    const { seen } = sampler;
    const { latest } = observer;
    return seen && latest && readAccountReadings(seen, latest);
  };
  const answers = new ObserverAnswers({ procRoot, observer, sampler, live, lifeOf, readAccount, send });
  keepHeapSmall();
  port.on('message', (message: ToWorker) => answers.receive(message));
  observer.tick();
}

async function besideOf(settings: WorkerSettings, rules: Rules | undefined): Promise<StartBeside | undefined> {
  const { mayRecord, witnessFolders: folders, procRoot, shmRoot } = settings;
  if (!mayRecord || !folders || rules?.mayRecord === false) return undefined;
  const { recordBeside } = await import('../../witness/beside.ts');
  // Nobody reads what is said here: `doctor` tells who records, or why nobody does.
  const say = () => {};
  return (tap) => recordBeside({ role: 'dashboard', folders, procRoot, shmRoot, isInRounds: true, say }, tap);
}

function keepHeapSmall(): void {
  const libc = loadLibc();
  if (!isLibc(libc)) return;
  setTimeout(() => trimHeap(libc), FIRST_TRIM_MS);
  setInterval(() => trimHeap(libc), TRIM_EVERY_MS);
}
