// What is chosen for the next load: changing it field by field, and believing what was remembered only as far as it makes sense.
import { DEFAULT_OPTIONS, type LoadChoices } from '../../load/model/options.ts';
import { ringGeometry } from '../../load/model/ring.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import { LOAD_FIELDS, type LoadField, type LoadOption } from '../format/load-fields.ts';

const { sync, sizeBytes, backing, pairs, verify, durationSec, buffer } = DEFAULT_OPTIONS;

export const DEFAULT_CHOICES: LoadChoices = { sync, sizeBytes, backing, pairs, verify, durationSec, buffer };

/** The option of a field that is in force. */
export function chosenOption({ options }: LoadField, choices: LoadChoices): LoadOption {
  return options.find(({ isIn }) => isIn(choices)) ?? itemAt(options, 0);
}

/** The choices with the next (or the one before) value of a field; the ends meet. */
export function changeChoice(choices: LoadChoices, id: string, step: 1 | -1): LoadChoices {
  const field = LOAD_FIELDS.find((one) => one.id === id);
  if (!field) return choices;
  const { options } = field;
  const at = options.indexOf(chosenOption(field, choices));
  return itemAt(options, (at + step + options.length) % options.length).putInto(choices);
}

/** What was remembered, each field only when it is one of its values. */
export function understandChoices(value: unknown): LoadChoices {
  if (typeof value !== 'object' || value === null) return DEFAULT_CHOICES;
  const remembered = new Map<string, unknown>(Object.entries(value));
  return LOAD_FIELDS.reduce((choices, { id, options }) => {
    const found = options.find(({ putInto }) => putInto(choices)[id] === remembered.get(id));
    return found ? found.putInto(choices) : choices;
  }, DEFAULT_CHOICES);
}

/** What a load with these choices makes, before it makes it. */
export function demandOf({ sizeBytes, pairs }: LoadChoices): {
  readonly processes: number;
  readonly segmentBytes: number;
  readonly slots: number;
} {
  const { ringBytes, slots } = ringGeometry(sizeBytes);
  return { processes: pairs * 2, segmentBytes: ringBytes * pairs, slots };
}
