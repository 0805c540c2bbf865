// Keys of a replay: what the player is asked for, and how its position changes the state.

import { type Play, REPLAY_SPEEDS, type ReplayPosition } from '../../probe/model/replay-position.ts';
import type { Intent } from './intent.ts';
import type { State } from './state.ts';

const JUMP_MS = 10_000;

/** Undefined: the key means what it means without a replay. */
export function playIntent(intent: Intent, { atMs, speed, isPaused }: ReplayPosition): Play | undefined {
  switch (intent) {
    case 'pause':
      return { isPaused: !isPaused };
    case 'slower':
      return { speed: REPLAY_SPEEDS.findLast((step) => step < speed) ?? speed };
    case 'faster':
      return { speed: REPLAY_SPEEDS.find((step) => step > speed) ?? speed };
    case 'earlier':
      return { toMs: atMs - JUMP_MS };
    case 'later':
      return { toMs: atMs + JUMP_MS };
    default:
      return undefined;
  }
}

/** The same state while nothing that is shown of it is different. */
export function reduceReplay(state: State, position: ReplayPosition): State {
  const { replay } = state;
  const isSame =
    replay &&
    Math.floor(replay.atMs / 1000) === Math.floor(position.atMs / 1000) &&
    replay.speed === position.speed &&
    replay.isPaused === position.isPaused &&
    isAtEnd(replay) === isAtEnd(position);
  if (isSame) return state;
  const { damagedLines } = position;
  if (replay || damagedLines === 0) return { ...state, replay: position };
  const text = `${damagedLines} lines of the recording could not be read: it was cut off, or is damaged.`;
  return { ...state, replay: position, message: { text, kind: 'warning' } };
}

export const isAtEnd = ({ atMs, endMs }: ReplayPosition): boolean => atMs >= endMs;
