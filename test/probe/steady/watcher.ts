// For each line of standard input: what a sampler says that has looked at every line so far, and one that never looked before.
import { createInterface } from 'node:readline';
import { Sampler } from '../../../src/probe/sampler.ts';

const OPTIONS = { minAgeSec: 0 };
const steady = new Sampler(OPTIONS);

for await (const _ of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ steady: steady.sample(), fresh: new Sampler(OPTIONS).sample() }));
}
