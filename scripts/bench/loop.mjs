// Answers each line of standard input with the milliseconds that one piece of work took in this warm process:
//   sample   one tick of the sampler, resident bytes not asked for
//   steady   20 ticks of the sampler as the dashboard has them, a twentieth of a second apart: the CPU time of one
//   settled  the same where no verdict waits for its object to grow older: what did not change is kept
//   holders  mappings, private ones too, and descriptors of every process, as at the first look at a machine
//   again    the same as at every look after the first: of processes that have not run since, what is known is taken
//   shared   shared mappings of every process, as at the first look
//   naive    every maps file read whole and split into lines, as a script would
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { loadLibc } from '../../src/native/libc.ts';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { GapList } from '../../src/probe/model/gap.ts';
import { HolderScanner } from '../../src/probe/source/holders.ts';
import { listPids } from '../../src/probe/source/io.ts';
import { nativeIo } from '../../src/probe/source/io-native.ts';
import { openMappingReader } from '../../src/probe/source/mappings.ts';
import { ProcessLedger } from '../../src/probe/source/process-ledger.ts';

const libc = loadLibc();
const io = nativeIo(libc);
const scanner = new HolderScanner(io, libc, '/proc');
const ledger = new ProcessLedger(io, '/proc', libc);
const dashboardSampler = new Sampler();
const sampler = new Sampler({ rss: false });
const patientSampler = new Sampler({ rss: false, minAgeSec: 0 });
const mappings = openMappingReader(io, libc, '/proc');
const gaps = new GapList();
const shmDevice = io.stat('/dev/shm', 'follow').device;
const everything = {
  privateDevices: new Set([shmDevice]),
  fdDevices: new Set([1, shmDevice]),
  namedDevices: new Set([shmDevice]),
  entries: [],
  hasAllNames: true,
  includeFiles: false,
};

const holders = () => scanner.scan(listPids(io, '/proc'), everything, new GapList()).mappings.length;

function again() {
  const { pids } = ledger.open(process.uptime());
  return scanner.scan(pids, everything, new GapList(), ledger.notes).mappings.length;
}

function shared() {
  const request = { privateDevices: new Set(), fdDevices: new Set() };
  const out = [];
  for (const pid of listPids(io, '/proc')) mappings.read(String(pid), pid, request, out, gaps);
  return out.length;
}

function naive() {
  let shared = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    let text = '';
    try {
      text = readFileSync(`/proc/${pid}/maps`, 'utf8');
    } catch {
      continue; // gone, or refused
    }
    for (const line of text.split('\n')) if (line.split(' ')[1]?.endsWith('s')) shared++;
  }
  return shared;
}

async function steady() {
  const before = process.cpuUsage();
  for (let tick = 0; tick < 20; tick++) {
    dashboardSampler.sample();
    await setTimeout(50);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / 20;
}

const work = {
  sample: () => sampler.sample().objects.length,
  settled: () => patientSampler.sample().objects.length,
  holders,
  again,
  shared,
  naive,
};
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'steady') {
    console.log(JSON.stringify({ ms: await steady() }));
    continue;
  }
  const start = performance.now();
  const found = work[line]();
  console.log(JSON.stringify({ ms: performance.now() - start, found }));
}
