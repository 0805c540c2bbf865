// A removal that takes a while: thousands of abandoned sockets and a dashboard over them.
import { expect } from 'vitest';
import type { RemovalBench, RemovalPlace } from './removal-place.ts';
import type { VirtualTerminal } from './terminal.ts';

/** About a second of removing, of which the dashboard tells each tenth. */
export const MANY = 8_000;

/** Returns when all are listed. */
export async function openMany(bench: RemovalBench): Promise<{ place: RemovalPlace; terminal: VirtualTerminal }> {
  const place = await bench.open(`sockets ${MANY}`);
  const terminal = await place.start({ columns: 120, rows: 40 });
  await terminal.until(new RegExp(`1 of ${MANY}`), 20_000);
  return { place, terminal };
}

/** Asks for the removal of all, and agrees. */
export async function confirmAll(terminal: VirtualTerminal, count: number): Promise<void> {
  terminal.type('D');
  await terminal.until(`Remove all ${count} abandoned objects?`);
  terminal.type('l');
  await terminal.until(`▸[ ! Remove ${count} ]`);
  terminal.type('\r');
}

/** Nothing was left half done: no name set aside, no beginning in the journal without an end. */
export async function expectWhole(place: RemovalPlace, removed: number): Promise<void> {
  const names = await place.files();
  expect(names).toHaveLength(MANY - removed);
  expect(names.every((name) => /^socket-0-\d{5}$/.test(name))).toBe(true);
  const events = place
    .journal()
    .trim()
    .split('\n')
    .map((line): { event: string } => JSON.parse(line));
  const begun = events.filter(({ event }) => event === 'begun').length;
  expect(events.filter(({ event }) => event === 'done')).toHaveLength(removed);
  const told = events.filter(({ event }) => event !== 'all-ended');
  expect(told).toHaveLength(2 * begun);
  expect(events.at(-1)?.event).toBe('all-ended');
}
