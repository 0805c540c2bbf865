// A program whose reader stands still, while children of it end one after the other: prints how it ended, within the deadline.
import { spawn } from 'node:child_process';
import { isLibc, loadLibc } from '../../../../../src/native/libc.ts';
import { ReaderProcess } from '../../../../../src/probe/territory/patience/reader-process.ts';

const libc = loadLibc();
if (!isLibc(libc)) throw new Error(libc.reason);
const reader = ReaderProcess.start(libc, '/proc', true, 10_000);
if (!reader) throw new Error('the reader did not start');
process.kill(reader.pid, 'SIGSTOP');
const children = [0.1, 0.2, 0.3].map((seconds) => spawn('sleep', [String(seconds)], { stdio: 'ignore' }));
const startedMs = performance.now();
const answer = reader.ask<'names'>({ ask: 'names', pid: process.pid }, 600);
const tookMs = performance.now() - startedMs;
process.stdout.write(
  `${JSON.stringify({ answer, isInTime: tookMs >= 500 && tookMs < 3000, children: children.length })}\n`,
);
