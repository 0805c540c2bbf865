// The observing thread on a captured /proc: it stands still when it is told to, whatever happens meanwhile, and goes on after.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SamplerClient } from '../../src/probe/sampler-client.ts';
import type { FromWorker } from '../../src/probe/worker-protocol.ts';
import { type Fixture, openFixture } from '../support/fixture.ts';
import { sleep } from '../support/terminal.ts';

let fixture: Fixture;
let client: SamplerClient;
let messages: FromWorker[] = [];
let deaths = 0;

const count = (type: FromWorker['type']) => messages.filter((message) => message.type === type).length;

async function until(isSo: () => boolean, what: string): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await sleep(5);
  }
}

function start(intervalMs: number): void {
  messages = [];
  deaths = 0;
  const { procRoot, shmRoot } = fixture;
  client = new SamplerClient(
    { kind: 'machine', settings: { procRoot, shmRoot, includeFiles: false, intervalMs } },
    {
      onMessage: (message) => messages.push(message),
      onDeath: () => {
        deaths++;
      },
    },
  );
}

beforeEach(() => {
  fixture = openFixture('linux-6.18');
});
afterEach(async () => {
  await client.close();
  fixture[Symbol.dispose]();
});

test('while it is held it takes no sample and answers nothing; then it answers, and samples at once', async () => {
  start(30);
  await until(() => count('tick') >= 3, 'three ticks');
  await client.hold();
  messages = [];
  client.post({ type: 'sample' });
  client.post({ type: 'share', pid: 1 });
  await sleep(300);
  expect(messages).toEqual([]);
  client.post({ type: 'interval', intervalMs: 60_000 });
  client.release();
  await until(() => count('tick') >= 1 && count('share') === 1, 'a tick and the answer');
});

test('held twice, it says so twice', async () => {
  start(30);
  await client.hold();
  await client.hold();
  client.release();
  await until(() => count('tick') >= 2, 'ticks');
});

test('a thread that dies while it is held lets the holder go on, and starts again only when it is released', async () => {
  start(30);
  await until(() => count('tick') >= 1, 'a tick');
  const first = messages.find((message) => message.type === 'tick');
  const id = first?.type === 'tick' ? first.changed.find(({ kind }) => kind === 'posix')?.id : undefined;
  // More than any buffer can be: the thread ends of it.
  client.post({ type: 'peek', id: id ?? '', offset: 0, length: Number.MAX_SAFE_INTEGER });
  await client.hold();
  await until(() => deaths === 1, 'a death');
  messages = [];
  await sleep(600);
  expect(messages).toEqual([]);
  client.release();
  await until(() => messages.some((message) => message.type === 'tick' && message.isFresh), 'a fresh tick');
});
