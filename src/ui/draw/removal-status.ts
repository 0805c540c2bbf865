// The status line while a removal counts down or is at work.
import { spellBytes } from '../format/bytes.ts';
import { displayWidth } from '../format/width.ts';
import type { Countdown, Working } from '../state/removal.ts';
import type { State } from '../state/state.ts';
import { fitTo, joinPieces, type Kit, type Piece } from './pen.ts';

/** Undefined: the line has other things to say. */
export function drawRemovalStatus(kit: Kit, { removal, columns }: State): string | undefined {
  switch (removal?.kind) {
    case 'countdown':
      return drawCountdown(kit, removal, columns);
    case 'working':
      return joinPieces(kit, [[` ${workingText(removal)}`, 'accent']], columns);
    default:
      return undefined;
  }
}

/** What goes and what comes back give way before the seconds and how to stop them do. */
function drawCountdown(kit: Kit, { plan, leftMs }: Countdown, columns: number): string {
  const { object, effect } = plan;
  const seconds = ` ${Math.max(1, Math.ceil(leftMs / 1000))} `;
  const freed = effect.freedBytes === undefined ? undefined : spellBytes(effect.freedBytes, kit.style);
  const back = freed === undefined ? '' : `, ${freed} come back`;
  const shortest = ' (Esc: keep)';
  const ends = [
    `${back}. Enter: at once. Esc: keep it.`,
    `${back}. Esc keeps it.`,
    freed === undefined ? '. Esc keeps it' : `: ${freed}. Esc keeps it`,
    '. Esc keeps it',
  ];
  const start = ' Removing ';
  const width = (end: string) => columns - seconds.length - displayWidth(start) - displayWidth(end);
  const wanted = Math.min(displayWidth(object.shortId), 16);
  const end = ends.find((text) => width(text) >= wanted) ?? shortest;
  const id = fitTo(kit, object.shortId, Math.min(displayWidth(object.shortId), width(end)), 'left', 'middle');
  const pieces: Piece[] = [
    [seconds, 'danger'],
    [start, 'bad'],
    [id, 'value'],
    [end, 'plain'],
  ];
  return joinPieces(kit, pieces, columns);
}

function workingText({ plans, done, isStopping }: Working): string {
  if (isStopping) return 'Stopping after what it is just at …';
  const [only, ...more] = plans;
  if (only && more.length === 0) return `Removing ${only.object.shortId} …`;
  return `Removing ${done} of ${plans.length} … Esc stops.`;
}
