// The only place that keys arrive at: a prompt takes them as text, else the keymap says what they ask for.
import type { CommandHost } from './commands.ts';
import type { Ask } from './hooks/use-sampler-questions.ts';
import { intentOf } from './state/binding.ts';
import type { Intent } from './state/intent.ts';
import { boundKeys } from './state/keymap.ts';
import { playIntent } from './state/replay.ts';
import { type Copied, copiedOf, modeOf } from './state/select.ts';
import type { State } from './state/state.ts';
import type { Store } from './store.ts';
import type { InputEvent } from './terminal/key-event.ts';

/** What keys do outside of the state. */
export interface DispatcherEffects {
  readonly quit: () => void;
  readonly suspend: () => void;
  readonly redraw: () => void;
  readonly copy: (copied: Copied) => void;
  readonly save: (state: State) => void;
  readonly ask: Ask;
  readonly host: CommandHost;
}

const WHEEL_LINES = 3;

export function createDispatcher(store: Store, effects: DispatcherEffects): (event: InputEvent) => void {
  const bindings = boundKeys(store.getState().abilities);
  return (event) => {
    switch (event.kind) {
      case 'paste':
        return store.dispatch({ type: 'paste', text: event.text, atMs: Date.now() });
      case 'mouse':
        if (event.what === 'press') return store.dispatch({ type: 'click', x: event.x, y: event.y });
        return store.dispatch({ type: 'wheel', lines: event.what === 'wheel-up' ? -WHEEL_LINES : WHEEL_LINES });
      case 'key': {
        const state = store.getState();
        const mode = modeOf(state);
        if (mode === 'prompt') {
          const { name, text } = event;
          return store.dispatch({ type: 'prompt-key', key: name, text, atMs: Date.now() });
        }
        const intent = intentOf(bindings, mode, state.screen, event.name);
        // Nothing counts down where nobody can see it.
        if (intent === 'suspend' && mode === 'countdown') store.dispatch({ type: 'intent', intent: 'back' });
        if (intent !== undefined && !runEffect(intent, state, effects)) store.dispatch({ type: 'intent', intent });
      }
    }
  };
}

/** True when the intent is an effect and not a change of the state. */
function runEffect(intent: Intent, state: State, effects: DispatcherEffects): boolean {
  const { host } = effects;
  const play = state.replay && playIntent(intent, state.replay);
  if (play) {
    effects.ask({ type: 'play', ...play });
    return true;
  }
  switch (intent) {
    case 'quit':
      effects.quit();
      return true;
    case 'suspend':
      // Stopped half way, a removal would keep everybody from what it is just at.
      if (state.removal?.kind === 'working') host.say('Not while a removal is at work.', 'warning');
      else effects.suspend();
      return true;
    case 'redraw':
      effects.redraw();
      return true;
    case 'save':
      effects.save(state);
      return true;
    case 'copy': {
      const copied = copiedOf(state);
      if (copied) effects.copy(copied);
      return true;
    }
    default:
      return false;
  }
}
