// The heartbeat of a worker: now and then it writes what it cost, and looks whether it should still be here.
import { resourceUsage } from 'node:process';
import { monotonicNs } from '../clock.ts';
import { CONTROL, COUNTER, RING } from '../model/ring.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import type { WaitCounts } from '../sync/sync.ts';

const SOONEST_NS = 10e6;
const LATEST_NS = 50e6;
const MAX_TICKS = 1 << 16;

export interface Beat {
  /** Call once a batch (it costs a nanosecond); every 10 to 50 ms it does its work. False when the worker should end. */
  readonly tick: () => boolean;
  /** The same, at once: after a wait that came back empty-handed, and at the end. */
  readonly now: () => boolean;
}

/** The heartbeat of one side, writing into its counters; `parentPid` is who must be alive. */
export function makeBeat(
  view: RingView,
  setup: RingSetup,
  counters: Float64Array,
  counts: WaitCounts,
  parentPid: number,
): Beat {
  const control = wordAt(RING.control);
  const { words } = view;
  let ticks = 1;
  let left = ticks;
  let lastNs = monotonicNs();

  const now = () => {
    const timeNs = monotonicNs();
    const usage = resourceUsage();
    counters[COUNTER.waits] = counts.waits;
    counters[COUNTER.stallNs] = counts.stallNs;
    counters[COUNTER.sleeps] = counts.sleeps;
    counters[COUNTER.wakes] = counts.wakes;
    counters[COUNTER.cpuUserNs] = usage.userCPUTime * 1000;
    counters[COUNTER.cpuSystemNs] = usage.systemCPUTime * 1000;
    counters[COUNTER.switches] = usage.voluntaryContextSwitches + usage.involuntaryContextSwitches;
    counters[COUNTER.heartbeatNs] = timeNs;
    if (timeNs - lastNs < SOONEST_NS) ticks = Math.min(MAX_TICKS, ticks * 2);
    else if (timeNs - lastNs > LATEST_NS) ticks = Math.max(1, ticks >> 1);
    lastNs = timeNs;
    left = ticks;
    // PR_SET_PDEATHSIG ends us with the parent; this covers a kernel that refused it, and time that ran out.
    return process.ppid === parentPid && timeNs < setup.deadlineNs && Atomics.load(words, control) !== CONTROL.stop;
  };
  return { tick: () => (--left > 0 ? words[control] !== CONTROL.stop : now()), now };
}
