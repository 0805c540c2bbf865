// The observing thread on a captured /proc: it stands still when it is told to, whatever happens meanwhile, and goes on after.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Death, SamplerClient } from '../../../src/probe/thread/sampler-client.ts';
import type { FromWorker } from '../../../src/probe/thread/worker-protocol.ts';
import { deathText } from '../../../src/ui/death-text.ts';
import { type Fixture, openFixture } from '../../support/fixture.ts';
import { sleep } from '../../support/terminal.ts';

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

test('a thread that runs out of memory again and again starts later and later, each time with fewer objects', async () => {
  const told: Death[] = [];
  const { procRoot, shmRoot } = fixture;
  client = new SamplerClient(
    { kind: 'machine', settings: { procRoot, shmRoot, includeFiles: false, intervalMs: 1000 } },
    { onMessage: () => {}, onDeath: (death) => told.push(death) },
    { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 3 },
  );
  await until(() => told.length >= 3, 'three deaths');
  expect(told.slice(0, 3).map(({ againInMs }) => againInMs)).toEqual([200, 400, 800]);
  expect(told.slice(0, 3).map(({ mostObjects }) => mostObjects)).toEqual([10_000, 2500, 1000]);
  // Said when something follows from it, and then no more.
  const texts = told.slice(0, 3).map(deathText);
  expect(texts[0]).toMatch(/ran out of memory: it is started again in 0\.2 s and lists 10000 objects at most/);
  const later = [4, 5, 6, 50].map((times) => deathText({ ...told[2], times, againInMs: 10_000 }));
  expect(later[0]).toMatch(/ended 4 times/);
  expect(later.slice(1)).toEqual([undefined, undefined, undefined]);
});

test('the account is read of the last look when it is asked for, never otherwise, and where it is dear less often', async () => {
  start(30);
  await until(() => count('tick') >= 3, 'three ticks');
  expect(count('account')).toBe(0);
  client.post({ type: 'account' });
  await until(() => count('account') === 1, 'the account');
  const told = messages.find((message) => message.type === 'account');
  expect(told).toMatchObject({ readings: { mounts: expect.any(Array), gpus: [], pools: [] } });
  const before = count('account');
  for (let asked = 0; asked < 500; asked++) client.post({ type: 'account' });
  client.post({ type: 'share', pid: 1 });
  await until(() => count('share') === 1, 'the question after those');
  expect(count('account') - before).toBeLessThan(250);
});
