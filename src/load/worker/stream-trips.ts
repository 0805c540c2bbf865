// Round trips through Node streams: one message there and back at a time, by events as a program in Node would do it.
import { monotonicNs } from '../clock.ts';
import { record } from '../model/histogram.ts';
import { CONTROL, COUNTER, RING } from '../model/ring.ts';
import { wordAt } from '../ring-view.ts';
import type { PortRole } from './port-loops.ts';
import { messageSource } from './stream.ts';

/** Sends, waits for the whole answer, records the time of the trip; the answer is compared by its number. */
export function pingStream(
  { view, setup, beat }: PortRole,
  from: NodeJS.ReadableStream,
  to: NodeJS.WritableStream,
): Promise<void> {
  const next = messageSource(setup);
  const counters = view.consumer;
  let sequence = 0;
  let startNs = 0;
  let got = 0;
  return new Promise((resolve, reject) => {
    const send = () => {
      got = 0;
      startNs = monotonicNs();
      to.write(Buffer.from(next(sequence)));
    };
    const answered = (first: number) => {
      const tripNs = monotonicNs() - startNs;
      if (view.words[wordAt(RING.control)] === CONTROL.run) {
        record(view.latency, tripNs);
        if (tripNs > counters[COUNTER.maxLatencyNs]) counters[COUNTER.maxLatencyNs] = tripNs;
      }
      counters[COUNTER.messages]++;
      counters[COUNTER.verified]++;
      if (first !== sequence) counters[COUNTER.torn]++;
      sequence = (sequence + 1) | 0;
      if (beat.tick()) return send();
      beat.now();
      to.end(resolve);
    };
    let first = 0;
    from.on('error', reject);
    to.on('error', reject);
    from.on('end', () => resolve());
    from.on('data', (chunk: Buffer) => {
      if (got === 0) first = chunk.length >= 4 ? chunk.readInt32LE(0) : sequence;
      got += chunk.length;
      if (got >= setup.sizeBytes) answered(first);
    });
    send();
  });
}

/** Sends back what comes, as it comes. */
export function pongStream({ beat }: PortRole, from: NodeJS.ReadableStream, to: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    from.on('error', reject);
    to.on('error', reject);
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      beat.tick();
    });
    from.on('end', () => {
      beat.now();
      resolve();
    });
  });
}
