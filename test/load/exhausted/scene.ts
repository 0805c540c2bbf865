// One short load; prints how it ended and what is left in this IPC namespace and in /dev/shm.

import { readdirSync, readFileSync } from 'node:fs';
import { readMachine } from '../../../src/load/machine.ts';
import { DEFAULT_OPTIONS } from '../../../src/load/model/options.ts';
import { isProblem } from '../../../src/load/model/problem.ts';
import { planLoad } from '../../../src/load/plan.ts';
import { runPlan } from '../../../src/load/run.ts';
import { libc } from '../support.ts';

const { isBlind, ...options } = JSON.parse(process.argv[2]);
const machine = readMachine();
// Blind: planned as if there were room, as when it is taken between the look and the making.
const plan = planLoad(
  { ...DEFAULT_OPTIONS, durationSec: 0.1, ...options },
  isBlind ? { ...machine, devShmFreeBytes: Infinity } : machine,
);
const meter = isProblem(plan) ? undefined : await runPlan({ libc: libc(), plan, intervalMs: 100 });
const rows = (name: string) => readFileSync(`/proc/sysvipc/${name}`, 'utf8').trim().split('\n').length - 1;
const left = { segments: rows('shm'), sets: rows('sem'), files: readdirSync('/dev/shm').length };
const message = isProblem(plan) ? plan.message : meter?.problem?.message;
process.stdout.write(JSON.stringify({ message, left }));
