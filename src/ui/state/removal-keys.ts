// The keys of removal: their part of THE keymap.
import type { Binding } from './binding.ts';
import { screensWhere } from './screens.ts';

const OBJECTS = screensWhere(({ object, members }) => (object ?? members) !== undefined);

export const REMOVAL_KEYS: readonly Binding[] = [
  {
    intent: 'remove',
    keys: ['F9', 'd', 'delete'],
    modes: ['table', 'detail'],
    screens: OBJECTS,
    does: 'remove: what is abandoned with one key, anything else after a question',
    label: 'Remove',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'remove-abandoned',
    keys: ['D'],
    modes: ['table'],
    screens: OBJECTS,
    does: 'remove all that is abandoned: listed first',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'accept',
    keys: ['enter'],
    modes: ['countdown'],
    does: 'while a removal counts down: at once',
    label: 'At once',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'accept',
    keys: ['enter'],
    modes: ['confirm'],
    does: 'when a removal asks: the button that is marked',
    label: 'Take',
    isDangerous: true,
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'back',
    keys: ['escape'],
    modes: ['countdown', 'confirm'],
    does: 'when a removal counts down or asks: keep everything; while it works: stop',
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'left',
    keys: ['left', 'h'],
    modes: ['confirm'],
    does: 'when a removal asks: mark Cancel',
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'right',
    keys: ['right', 'l'],
    modes: ['confirm'],
    does: 'when a removal asks: mark Remove',
    needs: 'remove',
    group: 'Act',
  },
  {
    intent: 'toggle',
    keys: ['tab', 'shift-tab'],
    modes: ['confirm'],
    does: 'when a removal asks: mark the other button',
    label: 'Choose',
    needs: 'remove',
    group: 'Act',
  },
];
