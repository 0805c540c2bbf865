// Judges a real name and a real segment with what a store says of them, one life after the other, and prints the verdicts as JSON.
// Started by verdicts.test.ts in an IPC and mount namespace of its own, among all processes of the machine.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { witnessIn } from '../../src/probe/look/witnessed.ts';
import { evidenceText } from '../../src/probe/model/judge/evidence.ts';
import type { Actor, Life, Watch } from '../../src/probe/model/life/life.ts';
import { openStore } from '../../src/witness/open-store.ts';
import { actor, life, watch } from './lives.ts';

const [, , place = ''] = process.argv;
const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
const now = Date.now();
const NOBODY = 2 ** 22 + 7;

writeFileSync('/dev/shm/unknown', 'x');
const { dev, ino, birthtimeNs } = statSync('/dev/shm/unknown', { bigint: true });
const device = `${(dev >> 8n) & 0xfffn}:${dev & 0xffn}`;
execFileSync('ipcmk', ['-M', '4096']);
const [, row = ''] = readFileSync('/proc/sysvipc/shm', 'latin1').split('\n');
const [key = '', shmid = '', , , cpid = '', , , , , , , , , ctime = ''] = row.trim().split(/\s+/);
const keyHex = `0x${(Number(key) >>> 0).toString(16).padStart(8, '0')}`;
const ipc = /\d+/.exec(execFileSync('readlink', ['/proc/self/ns/ipc'], { encoding: 'latin1' }))?.[0];

const killed = { atMs: now, signal: 9 };
const gone = (more: Partial<Actor> = {}) => actor(NOBODY, { session: NOBODY, ended: killed, ...more });
const common = (maker: Actor): Partial<Life> => ({
  bornMs: now - 1000,
  actors: [maker],
  deeds: [{ atMs: now, what: 'made', by: 0 }],
});
const name = (maker: Actor, more: Partial<Life> = {}): Life =>
  life(Number(ino), {
    ...common(maker),
    identity: `file ${device} ${ino} ${birthtimeNs}`,
    id: `posix:${device}:${ino}`,
    rawName: '/unknown',
    ...more,
  });
const segment = (maker: Actor, more: Partial<Life> = {}): Life => ({
  ...name({ ...maker, pid: Number(cpid) }),
  identity: `sysv ${ipc} ${shmid} ${ctime} ${cpid} ${keyHex}`,
  id: `sysv:${ipc}:${shmid}`,
  kind: 'sysv',
  rawName: keyHex,
  ...more,
});

const store = openStore(place, bootId);
if ('problem' in store) throw new Error(store.problem);
const sampler = new Sampler({ minAgeSec: 0, witness: witnessIn([place]) });
const judge = () =>
  sampler
    .sample()
    .objects.filter(({ rawPath, ipcNamespace }) => rawPath === '/dev/shm/unknown' || ipcNamespace === ipc)
    .map(({ kind, verdict }) => ({ kind, state: verdict.state, why: verdict.evidence.map(evidenceText) }));

const found: Record<string, ReturnType<typeof judge>> = { 'no witness': judge() };
const cases: Record<string, [Actor, Partial<Life>?, Partial<Watch>?]> = {
  killed: [gone()],
  'left in order': [gone({ ended: { atMs: now, exitCode: 0 } })],
  'its parent lives': [gone({ parent: { pid: process.ppid } })],
  'a lost event': [gone(), { unseenMs: now }],
  'a witness that stands still': [gone(), {}, { seenMs: now - 60_000 }],
  'killed, once more': [gone()],
};
for (const [title, [maker, more, watchMore]] of Object.entries(cases)) {
  const seen = watch({ bootId, sinceMs: now - 5000, seenMs: Date.now(), ...watchMore });
  const problem = store.write({ lives: [name(maker, more), segment(maker, more)], forgotten: [], watch: seen });
  if (problem !== undefined) throw new Error(problem);
  found[title] = judge();
}
store.close();
found['no witness any more'] = judge();
process.stdout.write(JSON.stringify(found));
