// A process that a witness saw, in words: who it was, of what, and how it ended. All of it is escaped.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Actor, Deed, Ending, Life } from '../../probe/model/life/life.ts';
import { isCrash, signalName } from '../../probe/model/life/signal-name.ts';
import { formatContainer } from './container-text.ts';

/** `python3[1234]`. */
export function spellActor({ pid, comm }: Actor): string {
  return `${comm === undefined ? '?' : quoted(escapeBytes(comm))}[${pid}]`;
}

/** `train.service`, `container web`: the last part of its control group tells most. Absent where nothing tells. */
export function spellOrigin({ unit, container }: Actor): string | undefined {
  if (container) return `container ${quoted(formatContainer(container))}`;
  const last = unit?.split('/').findLast((part) => part !== '');
  return last === undefined ? undefined : quoted(escapeBytes(last));
}

/** Whoever chose a name may have chosen one that goes on like our sentence: `x[1], killed (SIGKILL); removed by root`. */
function quoted(name: string): string {
  return PLAIN.test(name) ? name : `"${name.replaceAll('"', '\\x22')}"`;
}
const PLAIN = /^[\w.@:/+\\-]*$/;

/** `killed (SIGKILL)`, `crashed (SIGSEGV)`, `failed (exit 1)`, `ended in order (exit 0)`; `ended` where how is not known. */
export function spellEnding({ exitCode, signal, isOom }: Ending): string {
  if (isOom) return `killed for want of memory (${signalName(signal ?? 9)})`;
  if (signal !== undefined) {
    const how = isCrash(signal) ? 'crashed' : signal === 9 ? 'killed' : 'ended';
    return how === 'ended' ? `ended by ${signalName(signal)}` : `${how} (${signalName(signal)})`;
  }
  if (exitCode === undefined) return 'ended';
  return exitCode === 0 ? 'ended in order (exit 0)' : `failed (exit ${exitCode})`;
}

/** `12:03`, with its day where that is another one than now; local time. */
export function shortTime(atMs: number, nowMs: number): string {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** Who did it; undefined where the kernel did not tell. */
export function actorOf({ actors }: Pick<Life, 'actors'>, { by }: Deed): Actor | undefined {
  return by === undefined ? undefined : actors[by];
}

/** `made by python3[1234] of train.service, killed (SIGKILL)`; `made`, where the kernel did not tell who. */
export function spellDeed(life: Life, deed: Deed): string {
  const who = actorOf(life, deed);
  if (!who) return deed.what;
  const origin = spellOrigin(who);
  const end = who.ended ? `, ${spellEnding(who.ended)}` : '';
  return `${deed.what} by ${spellActor(who)}${origin === undefined ? '' : ` of ${origin}`}${end}`;
}
