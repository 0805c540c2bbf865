// How a process ended, and when, in a few words for evidence.
import type { Ending } from './life.ts';
import { signalName } from './signal-name.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** `12:03`, in the time zone of the reader; of another day `2026-01-31 12:03`. */
export function clockText(atMs: number, nowMs: number): string {
  const minute = Math.floor(atMs / MINUTE_MS);
  // A thousand leftovers of one crash ended in one minute.
  if (minute !== last.minute || nowMs !== last.nowMs) last = { minute, nowMs, text: textOf(atMs, nowMs) };
  return last.text;
}

const MINUTE_MS = 60_000;
let last = { minute: Number.NaN, nowMs: Number.NaN, text: '' };

function textOf(atMs: number, nowMs: number): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isToday = at.toDateString() === now.toDateString();
  return isToday ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `killed for want of memory 12:03`, `killed (SIGKILL) 12:03`, `exit code 0 12:03`, `ended 12:03`. */
export function endingText({ atMs, signal, exitCode, isOom }: Ending, nowMs: number): string {
  const how =
    isOom === true
      ? 'killed for want of memory (OOM)'
      : signal !== undefined
        ? `killed (${signalName(signal)})`
        : exitCode !== undefined
          ? `exit code ${exitCode}`
          : 'ended';
  return `${how} ${clockText(atMs, nowMs)}`;
}
