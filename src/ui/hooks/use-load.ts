// Starts and stops the load generator as the state wants it, and asks whether what is chosen could run.
import { useEffect } from 'react';
import type { CommandHost, LoadCommands } from '../commands.ts';
import { spellEnd } from '../format/load-words.ts';
import type { LoadNews } from '../state/load.ts';
import { screenOf } from '../state/screens.ts';
import type { State } from '../state/state.ts';
import { useStore } from './use-state.ts';

export function useLoad(state: State, load: LoadCommands | undefined, say: CommandHost['say']): void {
  const store = useStore();
  const { phase, isTour } = state.load;
  useEffect(() => {
    if (phase === 'stopping') load?.stop();
    if (phase !== 'running') return;
    const tell = (news: LoadNews) => {
      store.dispatch({ type: 'load', news });
      if (news.kind === 'scene') sayScene(store.getState(), news, say);
      if (news.kind === 'ended') sayHowItEnded(store.getState(), news, say);
    };
    if (isTour) load?.tour(tell);
    else load?.start(store.getState().settings.load, tell);
  }, [phase, isTour, load, store, say]);

  const choices = state.settings.load;
  const isFormShown = screenOf(state.screen).asks === 'load' && phase === 'idle';
  useEffect(() => {
    if (isFormShown) load?.check(choices, (news) => store.dispatch({ type: 'load', news }));
  }, [choices, isFormShown, load, store]);
}

/** Who looks at a table meanwhile reads there what happens. */
function sayScene({ screen }: State, { view }: LoadNews & { kind: 'scene' }, say: CommandHost['say']): void {
  if (screenOf(screen).asks === 'load') return;
  say(`Tour, ${view.number} of ${view.of}: ${view.scene.title}. ${view.scene.look}`, 'good');
}

/** Its own screen shows how it went; elsewhere it is said. */
function sayHowItEnded(
  { screen, load }: State,
  { problem }: LoadNews & { kind: 'ended' },
  say: CommandHost['say'],
): void {
  if (screenOf(screen).asks === 'load') return;
  const overText = problem?.message ?? 'The tour is over; nothing of it is left';
  const { text, isGood } = load.isTour ? { text: overText, isGood: !problem } : spellEnd(load.meter, problem);
  say(text, isGood ? 'good' : 'bad');
}
