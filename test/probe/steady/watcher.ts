// For each line of standard input: what a sampler says that has looked at every line so far, and one that never looked before.
// Of segments in use or waiting, both with no grace time and with a long one, at the same moment.
import { createInterface } from 'node:readline';
import { Sampler } from '../../../src/probe/look/sampler.ts';

let now = Date.now();
const options = (minAgeSec: number) => ({ minAgeSec, nowMs: () => now });
const steady = [new Sampler(options(0)), new Sampler(options(600))];

for await (const _ of createInterface({ input: process.stdin })) {
  now = Date.now();
  console.log(
    JSON.stringify({
      steady: steady.map((sampler) => sampler.sample()),
      fresh: [0, 600].map((minAgeSec) => new Sampler(options(minAgeSec)).sample()),
    }),
  );
}
