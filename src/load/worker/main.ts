// Entry of a worker process of the load generator: attaches to the ring of its parent, plays its role, and ends.
import { constants, setPriority } from 'node:os';
import { errorMessage } from '../../fault/thrown.ts';
import { errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import { futexWait } from '../../native/futex.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { setParentDeathSignal } from '../../native/prctl.ts';
import { enterIpcNamespace } from '../../native/process.ts';
import { pinToCpu } from '../../native/sched.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { noDebugger } from '../../process/no-debugger.ts';
import { monotonicNs } from '../clock.ts';
import { sharedRing } from '../many/shared.ts';
import { CONTROL, PHASE, RING } from '../model/ring.ts';
import { hasRing, isForeign } from '../model/transports.ts';
import { type RingSetup, type RingView, readHeader, viewRing, wordAt } from '../ring-view.ts';
import { type Attached, attachSegment } from '../segment.ts';
import { makeSync } from '../sync/make-sync.ts';
import type { WaitCounts } from '../sync/sync.ts';
import { parseWorkerArguments, type WorkerArguments } from '../worker-arguments.ts';
import { makeBeat } from './beat.ts';
import { carry } from './carry.ts';
import { ping, pong } from './duplex.ts';
import { isConsumerGone, isProducerGone, isRead } from './ending.ts';
import { ownForeign, ownsSlots, reachForeign } from './foreign.ts';
import { keep } from './keeper.ts';
import { sendToMany, takeFromMany } from './many.ts';
import { measureMemcpy } from './memcpy.ts';
import { sendOneWay, takeOneWay } from './one-way.ts';
import type { Role } from './role.ts';
import { waitUntil } from './sibling.ts';
import { leakAndEnd, playStage } from './stage.ts';

const NICE = 5;

/** Ends the process with a line that the parent passes on. */
function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  noDebugger();
  const [first, ...rest] = process.argv.slice(2);
  const args = parseWorkerArguments([first, ...rest]);
  if (!args && !['keeper', 'stage', 'leaker'].includes(first))
    fail('shmtop starts this program itself; run: shmtop load');
  const libc = loadLibc();
  if (!isLibc(libc)) fail(`koffi is not available: ${libc.reason}`);
  if (first === 'stage') playStage(libc);
  if (first === 'leaker') leakAndEnd(libc, rest);
  if (!args) keep(libc, rest);
  setParentDeathSignal(libc, constants.signals.SIGKILL);
  if (process.ppid !== args.parentPid) process.exit(0); // it died before the call above
  // Ctrl-C in the terminal reaches every process of the group; the parent decides when to stop, and needs the last counters.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  setPriority(NICE);
  // Before it holds anything: whoever sees the attach sees the name. The first ring has the number of the pair.
  process.title = `shmtop-${args.role === 'producer' ? 'prod' : 'cons'}-${args.rings[0]}`;
  const attached = attachSegment(libc, args.handle, args.segmentBytes);
  if (typeof attached === 'number') fail(`cannot attach the segment: ${errnoName(attached)}`);
  if (args.roomFd !== undefined) {
    const entered = enterIpcNamespace(libc, args.roomFd);
    if (entered < 0) fail(`cannot enter the IPC namespace: ${errnoName(entered)}`);
    close(libc, args.roomFd);
  }
  const views = args.rings.map((ring) => viewRing(attached.memory, attached.address, ring, args.ringBytes));
  const view = views[0];
  const setup = readHeader(view, args.parentPid);
  if (!setup) fail('the segment is not a ring of this version of shmtop');
  const cpu = args.role === 'producer' ? setup.producerCpu : setup.consumerCpu;
  if (cpu !== undefined) pinToCpu(libc, cpu);
  const phase = wordAt(args.role === 'producer' ? RING.producerPhase : RING.consumerPhase);
  await play(libc, args, attached, views, setup, () => {
    Atomics.store(view.words, phase, PHASE.ready);
    waitForStart(libc, view, args.parentPid);
    Atomics.store(view.words, phase, PHASE.running);
  });
  // Nobody told it to: whatever is still under way is then not lost, and the parent must not count it as such.
  if (monotonicNs() >= setup.deadlineNs) fail('its time was over before it was told to stop');
  Atomics.store(view.words, phase, PHASE.done);
  process.exit(0);
}

/** Builds what the role needs, calls `start` (which returns when the parent lets go), and runs. */
async function play(
  libc: Libc,
  args: WorkerArguments,
  { address, memory }: Attached,
  views: readonly RingView[],
  setup: RingSetup,
  start: () => void,
): Promise<void> {
  const isProducer = args.role === 'producer';
  const counters = (view: RingView) => (isProducer ? view.producer : view.consumer);
  if (!hasRing(setup.transport)) {
    const counts = { waits: 0, stallNs: 0, sleeps: 0, wakes: 0 };
    const beat = makeBeat(views[0], setup, counters(views[0]), counts, args.parentPid);
    await carry({ libc, args, views, setup, beat }, start);
    return;
  }
  const shared = sharedRing(memory, address, views[0], setup);
  if (shared) {
    // The messages are those of the first header, whoever writes them.
    const own = { ...setup, seed: readHeader(shared.rings[0], args.parentPid)?.seed ?? setup.seed };
    start();
    const beatOf = (counters: Float64Array, counts: WaitCounts) =>
      makeBeat(views[0], own, counters, counts, args.parentPid);
    (isProducer ? sendToMany : takeFromMany)({ libc, shared, own: views[0], setup: own, beatOf });
    return;
  }
  const foreign = foreignOf(libc, args, views, setup);
  const roleOf = (view: RingView, index: number): Role => {
    const ring = args.rings[index];
    const own = { ...setup, pair: ring };
    const { parentPid } = args;
    const side = { isWriter: isProducer === (index === 0), parentPid };
    const sync = makeSync(libc, view, own, side, args.syncFds?.[index]);
    const beat = makeBeat(view, own, counters(views[0]), sync.counts, parentPid);
    const slots = { view: foreign?.viewOf(index) ?? view, access: foreign?.accessOf(index) };
    return { libc, setup: own, sync, beat, parentPid, ...slots };
  };
  const roles = views.map(roleOf);
  if (setup.job === 'duplex') {
    start();
    if (isProducer) ping(roles[0], roles[1]);
    else pong(roles[0], roles[1]);
    // The other may be about to touch what goes with us.
    if (foreign?.isOwner) waitUntil(() => (isProducer ? isConsumerGone : isProducerGone)(views[0]), args.parentPid);
  } else if (isProducer) {
    if (!foreign) measureMemcpy(views[0], setup);
    start();
    sendOneWay(roles[0]);
    if (foreign?.isOwner) waitUntil(() => isRead(views[0]) || isConsumerGone(views[0]), args.parentPid);
  } else {
    start();
    takeOneWay(roles[0]);
  }
}

function foreignOf(libc: Libc, args: WorkerArguments, views: readonly RingView[], setup: RingSetup) {
  if (!isForeign(setup.transport)) return undefined;
  const isOwner = ownsSlots(setup.transport, args.role === 'producer');
  return (isOwner ? ownForeign : reachForeign)(libc, views, setup, args.parentPid);
}

function waitForStart(libc: Libc, view: RingView, parentPid: number): void {
  const control = wordAt(RING.control);
  const timeout = libc.allocate(16);
  writeTimespec(timeout, 50);
  const giveUpNs = monotonicNs() + 30e9;
  while (Atomics.load(view.words, control) === CONTROL.wait) {
    futexWait(libc, view.address + RING.control, CONTROL.wait, timeout.address);
    if (process.ppid !== parentPid || monotonicNs() > giveUpNs) process.exit(0);
  }
}

main().catch((cause: unknown) => fail(errorMessage(cause)));
