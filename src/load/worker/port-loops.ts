// What the two sides do with ports: messages one way, or one there and back at a time.
import { monotonicNs } from '../clock.ts';
import { record } from '../model/histogram.ts';
import { CONTROL, COUNTER, RING } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { wordAt } from '../ring-view.ts';
import { type Checker, makeChecker } from '../verify.ts';
import type { Port } from './port.ts';
import type { Role } from './role.ts';
import { LAP, messageSource } from './stream.ts';
import { tellFindings } from './tell-findings.ts';

export type PortRole = Pick<Role, 'view' | 'setup' | 'beat'>;

/** Producer: until it is told to stop, or nobody takes them any more. */
export function sendMessages({ view, setup, beat }: PortRole, port: Port): void {
  const next = messageSource(setup);
  let sequence = 0;
  while (port.send(next(sequence))) {
    sequence = (sequence + 1) | 0;
    view.producer[COUNTER.messages]++;
    if (!beat.tick()) break;
  }
  port.end();
  beat.now();
}

/** Consumer: until the end was told. */
export function receiveMessages(role: PortRole, port: Port): void {
  const count = makeCounter(role, port);
  while (port.receive()) {
    count();
    role.beat.tick();
  }
  role.beat.now();
}

/** Producer of a duplex pair: sends, waits for the answer, checks it, records the time of the whole trip in the ring back. */
export function pingPort(role: PortRole, port: Port): void {
  const { view, setup, beat } = role;
  const next = messageSource(setup);
  const count = makeCounter(role, port);
  const counters = view.consumer;
  const control = wordAt(RING.control);
  let sequence = 0;
  do {
    const message = next(sequence);
    const startNs = monotonicNs();
    if (!port.send(message) || !port.receive()) break;
    const tripNs = monotonicNs() - startNs;
    count();
    if (view.words[control] === CONTROL.run) {
      record(view.latency, tripNs);
      if (tripNs > counters[COUNTER.maxLatencyNs]) counters[COUNTER.maxLatencyNs] = tripNs;
    }
    sequence = (sequence + 1) | 0;
  } while (beat.tick());
  port.end();
  beat.now();
}

/** Consumer of a duplex pair: sends each message back as it came. */
export function pongPort({ beat }: PortRole, port: Port): void {
  while (port.receive() && port.send(port.copy)) beat.tick();
  beat.now();
}

/** Judges what is in the copy as the next message, and counts it. */
function makeCounter({ view, setup }: PortRole, port: Port): () => void {
  const { sizeBytes, strideBytes, seed } = setup;
  const geometry = { sizeBytes, strideBytes: Math.min(strideBytes, port.copy.length), slots: LAP };
  const checker: Checker = makeChecker(setup.verify, port.copy, geometry, makePattern(sizeBytes, seed));
  const { findings } = checker;
  const counters = view.consumer;
  let sequence = 0;
  return () => {
    checker.check(sequence, 1);
    sequence = (sequence + 1) | 0;
    counters[COUNTER.messages]++;
    tellFindings(counters, findings);
  };
}
