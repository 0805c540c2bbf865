// What is full, in as many words as there is room for.
import type { Alarm } from '../../probe/model/alarm.ts';
import { hasObjects } from '../../probe/model/ceiling-scope.ts';
import { shortCeiling, spellCeiling } from './ceiling-words.ts';
import { formatDuration } from './duration.ts';

/** The same in fewer and fewer words, the longest first; `key` leads to who fills the first of them. Empty: nothing alarms. */
export function alarmTexts([worst, ...others]: readonly Alarm[], key: string): readonly string[] {
  if (!worst) return [];
  const isWho = hasObjects(worst.ceiling);
  const shows = isWho ? 'shows who' : 'tells more';
  const [next] = others;
  const name = shortCeiling(worst.ceiling);
  const more = others.length > 0 ? `, ${others.length} more` : '';
  const whole = `! ${name} ${stateOf(worst)}`;
  const both = next ? `, ${shortCeiling(next.ceiling)} ${shortState(next)}` : '';
  return [
    ...(others.length < 2 ? [`${whole} (${spellCeiling(worst.ceiling)})${both}: ${key} ${shows}`] : []),
    ...(others.length < 2 ? [`${whole}${both}: ${key} ${shows}`] : []),
    `${whole}${more}: ${key} ${shows}`,
    `! ${name} ${shortState(worst)}${more}: ${key} ${shows}`,
    `! ${name} ${shortState(worst)}: ${key} ${shows}`,
    `! ${name} ${shortState(worst)}: ${key}: ${isWho ? 'who' : 'more'}`,
    `! ${name} ${shortState(worst)} (${key})`,
    `! ${name} (${key})`,
  ];
}

/** `is full`, `91 % full`, `76 % full, all of it in 4m`. */
function stateOf({ level, share, fullInSec }: Alarm): string {
  if (level === 'full') return 'is full';
  return fullInSec === undefined
    ? `${percent(share)} full`
    : `${percent(share)} full, all of it in ${formatDuration(fullInSec)}`;
}

function shortState({ level, share, fullInSec }: Alarm): string {
  if (level === 'full') return 'full';
  return level === 'soon' && fullInSec !== undefined ? `full in ${formatDuration(fullInSec)}` : percent(share);
}

/** Never 100 while there is room. */
const percent = (share: number) => `${Math.floor(share * 100)} %`;
