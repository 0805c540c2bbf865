// Looks at the account before and while memory is there, from a pid namespace of its own: reads one list of words a line, answers with
// one line of JSON each. Run by node itself.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { readAccount } from '../../../src/probe/look/account.ts';
import { Sampler } from '../../../src/probe/look/sampler.ts';
import type { Account } from '../../../src/probe/model/account/account.ts';
import { costBytes } from '../../../src/probe/model/object.ts';

const [mix = '', scratch = ''] = process.argv.slice(2);
/** One for all looks: what has not run since the last is not read again. */
const sampler = new Sampler({ minAgeSec: 0 });
let count = 0;

interface Made {
  readonly pid: number;
  readonly ipc: string;
  /** Name of each mount by its device. */
  readonly mounts: Readonly<Record<string, string>>;
}

function look() {
  // Counts of each processor are summed up (vm.stat_refresh), or Shmem lags behind by some hundred pages.
  readFileSync('/proc/sys/vm/stat_refresh');
  const snapshot = sampler.sample();
  if (!sampler.seen) throw new Error('nothing was seen');
  return { account: readAccount(sampler.seen, snapshot), objects: snapshot.objects };
}

/** Bytes of what the maker made, by name: its segments, its mounts, its memfds and anonymous mappings. */
function partsOf({ account, objects }: ReturnType<typeof look>, { pid, ipc, mounts }: Made) {
  const found: Record<string, number> = {};
  const add = (name: string | undefined, bytes: number) => {
    if (name !== undefined && bytes > 0) found[name] = (found[name] ?? 0) + bytes;
  };
  for (const part of [...account.parts, ...account.huge.flatMap((pool) => pool.parts)]) {
    if (part.ipcNamespace === ipc) add('sysv', part.bytes);
    if (part.mount) add(mounts[part.mount.device], part.bytes);
  }
  for (const object of objects) {
    if (object.kind !== 'memfd' && object.kind !== 'anonymous') continue;
    if (object.holders.some((holder) => holder.pid === pid)) add(object.kind, costBytes(object) ?? 0);
  }
  return found;
}

const totals = ({ shmemBytes = 0, remainderBytes = 0, parts }: Account) => ({
  shmemBytes,
  remainderBytes,
  parts: parts.length,
});

/** The kernel takes a mount namespace apart a moment after its last process has ended: until nothing more comes free. */
async function settled(): Promise<void> {
  const shmem = () => {
    readFileSync('/proc/sys/vm/stat_refresh');
    return /^Shmem: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
  };
  for (let tries = 0, before = ''; tries < 40; tries++) {
    const now = shmem() ?? '';
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

async function measure(words: readonly string[]) {
  const place = `${scratch}/${++count}`;
  mkdirSync(place);
  await settled();
  const before = look();
  const unshare = ['--ipc', '--mount', '--propagation', 'private', '--fork', '--kill-child'];
  const child = spawn('unshare', [...unshare, 'python3', mix, place, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const made: Made = JSON.parse(line);
      const after = look();
      return { before: totals(before.account), after: totals(after.account), made: partsOf(after, made) };
    }
    return { failed: true };
  } finally {
    child.stdin.end();
    await ended;
    rmSync(place, { recursive: true, force: true });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await measure(JSON.parse(line)))}\n`);
}
