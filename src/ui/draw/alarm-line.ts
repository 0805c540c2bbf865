// The alarm: what is full, and the key that leads to who fills it.
import { alarmTexts } from '../format/alarm-words.ts';
import { displayWidth } from '../format/width.ts';
import { selectAlarms } from '../state/alarm.ts';
import { spellKey } from '../state/binding.ts';
import { KEYMAP } from '../state/keymap.ts';
import type { State } from '../state/state.ts';
import { fitTo, type Kit, type Piece } from './pen.ts';

const WHO = spellKey(KEYMAP.find(({ intent }) => intent === 'who')?.keys[0] ?? '');

/** Undefined: nothing is near its end. A name that is too long for the line is cut in its middle; what is said of it never. */
export function drawAlarm(kit: Kit, state: State, width: number): readonly Piece[] | undefined {
  const [worst] = selectAlarms(state);
  const texts = alarmTexts(selectAlarms(state), WHO);
  const last = texts.at(-1);
  if (!worst || last === undefined) return undefined;
  const text = texts.find((each) => displayWidth(each) <= width) ?? fitTo(kit, last, width, 'left', 'middle');
  return [[text, worst.level === 'full' ? 'bad' : 'warning']];
}
