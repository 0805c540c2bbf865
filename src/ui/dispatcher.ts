// The only place that keys arrive at: a prompt takes them as text, else the keymap says what they ask for.
import type { ShmObject } from '../probe/model/object.ts';
import type { CommandHost, DashboardCommands } from './commands.ts';
import { boundKeys, type Intent, intentOf } from './state/keymap.ts';
import { modeOf, selectedObject, selectedProcess, taggedObjects } from './state/select.ts';
import type { State } from './state/state.ts';
import type { Store } from './store.ts';
import type { InputEvent } from './terminal/key-event.ts';

/** What keys do outside of the state. */
export interface DispatcherEffects {
  readonly quit: () => void;
  readonly suspend: () => void;
  readonly redraw: () => void;
  readonly copy: (text: string) => void;
  readonly save: (state: State) => void;
  readonly commands: DashboardCommands;
  readonly host: CommandHost;
}

const WHEEL_LINES = 3;

export function createDispatcher(store: Store, effects: DispatcherEffects): (event: InputEvent) => void {
  const bindings = boundKeys(store.getState().abilities);
  return (event) => {
    switch (event.kind) {
      case 'paste':
        return store.dispatch({ type: 'paste', text: event.text });
      case 'mouse':
        if (event.what === 'press') return store.dispatch({ type: 'click', x: event.x, y: event.y });
        return store.dispatch({ type: 'wheel', lines: event.what === 'wheel-up' ? -WHEEL_LINES : WHEEL_LINES });
      case 'key': {
        const mode = modeOf(store.getState());
        if (mode === 'prompt') return store.dispatch({ type: 'prompt-key', key: event.name, text: event.text });
        const intent = intentOf(bindings, mode, event.name);
        if (intent !== undefined && !runEffect(intent, store.getState(), effects))
          store.dispatch({ type: 'intent', intent });
      }
    }
  };
}

/** True when the intent is an effect and not a change of the state. */
function runEffect(intent: Intent, state: State, effects: DispatcherEffects): boolean {
  const { commands, host } = effects;
  switch (intent) {
    case 'quit':
      effects.quit();
      return true;
    case 'suspend':
      effects.suspend();
      return true;
    case 'redraw':
      effects.redraw();
      return true;
    case 'save':
      effects.save(state);
      return true;
    case 'copy': {
      const text = selectedObject(state)?.shortId ?? selectedProcess(state)?.process.pid.toString();
      if (text !== undefined) effects.copy(text);
      return true;
    }
    case 'remove': {
      const tagged = taggedObjects(state);
      const object = selectedObject(state);
      if (tagged.length > 0) request(commands, host, 'tagged', tagged);
      else if (object) request(commands, host, 'one', [object]);
      return true;
    }
    case 'remove-abandoned':
      request(
        commands,
        host,
        'abandoned',
        state.data.objects.filter(({ verdict }) => verdict.state === 'abandoned'),
      );
      return true;
    default:
      return false;
  }
}

function request(
  { remove }: DashboardCommands,
  host: CommandHost,
  what: 'one' | 'tagged' | 'abandoned',
  objects: readonly ShmObject[],
): void {
  if (objects.length === 0) host.say('Nothing is abandoned.', 'good');
  else remove?.({ what, objects }, host);
}
