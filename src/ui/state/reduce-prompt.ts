// The prompt in the last line: filter and search take effect while they are typed; Esc goes back to what was before.

import { parseEventFilter } from '../../filter/event-filter.ts';
import { type FilterProblem, joinWords } from '../../filter/filter.ts';
import { parseObjectFilter } from '../../filter/object-filter.ts';
import { parseProcessFilter } from '../../filter/process-filter.ts';
import { safeText } from '../format/safe-text.ts';
import { editLine, insertText, type LineEdit, newLine } from './line-edit.ts';
import { say } from './open-removal.ts';
import type { ScreenId } from './screen-id.ts';
import { screenOf } from './screens.ts';
import { hasMatch, jumpToMatch } from './search.ts';
import type { FilterState, Prompt, State } from './state.ts';

export function openPrompt(state: State, kind: Prompt['kind']): State {
  const before = textOf(state, kind);
  // A search begins anew; a filter is often only made narrower.
  const line = newLine(kind === 'search' ? '' : before);
  return { ...state, prompt: { kind, line, before, listBefore: state.lists[state.screen] } };
}

export function reducePromptKey(state: State, key: string, text: string | undefined): State {
  const { prompt } = state;
  if (!prompt) return state;
  switch (key) {
    case 'enter':
      return saidIfNone({ ...applyText(state, prompt.kind, prompt.line.text), prompt: undefined }, prompt.kind);
    case 'escape':
    case 'ctrl-c':
      return {
        ...applyText(state, prompt.kind, prompt.before),
        prompt: undefined,
        lists: { ...state.lists, [state.screen]: prompt.listBefore },
      };
    case 'up':
      return prompt.kind === 'search' ? jumpToMatch(state, -1, false) : state;
    case 'down':
      return prompt.kind === 'search' ? jumpToMatch(state, 1, false) : state;
  }
  const edited = editedLine(prompt.line, key, text);
  return edited ? withLine(state, prompt, edited) : state;
}

function saidIfNone(state: State, kind: Prompt['kind']): State {
  if (kind !== 'search' || state.search === '' || hasMatch(state)) return state;
  return say(state, `No row has "${safeText(state.search)}" in it.`);
}

/** The line after a key that edits it or types something; undefined where it does neither. */
export function editedLine(line: LineEdit, key: string, text: string | undefined): LineEdit | undefined {
  return editLine(line, key) ?? (text === undefined ? undefined : insertText(line, text));
}

/** Pasted text goes into the prompt; without one it does nothing, since it could be any key. */
export function reducePaste(state: State, text: string): State {
  return state.prompt ? withLine(state, state.prompt, insertText(state.prompt.line, text.trim())) : state;
}

function withLine(state: State, prompt: Prompt, line: LineEdit): State {
  const next = { ...state, prompt: { ...prompt, line } };
  return line.text === prompt.line.text ? next : applyText(next, prompt.kind, line.text);
}

function textOf(state: State, kind: Prompt['kind']): string {
  switch (kind) {
    case 'filter':
      return state.filter.text;
    case 'search':
      return state.search;
    case 'help-filter':
      return state.overlay?.kind === 'help' ? state.overlay.query : '';
  }
}

function applyText(state: State, kind: Prompt['kind'], text: string): State {
  switch (kind) {
    case 'filter':
      return { ...state, filter: compileFilter(text, state.screen) };
    case 'search':
      return text === '' ? { ...state, search: '' } : jumpToMatch({ ...state, search: text }, 1, true);
    case 'help-filter':
      return state.overlay?.kind === 'help' ? { ...state, overlay: { ...state.overlay, query: text, top: 0 } } : state;
  }
}

/** Understood three times, since events and processes have words of their own; what is wrong is said for the screen that is shown. */
export function compileFilter(text: string, screen: ScreenId): FilterState {
  const words = joinWords(text.split(/\s+/).filter((word) => word !== ''));
  if (words.length === 0) return { text };
  const [filter, problem] = compile(words, parseObjectFilter);
  const [eventFilter, eventProblem] = compile(words, parseEventFilter);
  const [processFilter, processProblem] = compile(words, parseProcessFilter);
  const problems = { events: eventProblem, processes: processProblem, objects: problem };
  return { text, filter, eventFilter, processFilter, problem: problems[screenOf(screen).words ?? 'objects'] };
}

/** A word that is half typed and makes no sense is left out, and said to be so; the others act. */
function compile<Made>(
  all: readonly string[],
  parse: (words: readonly string[]) => { readonly filter: Made } | { readonly problem: FilterProblem },
): readonly [filter: Made | undefined, problem: string | undefined] {
  const words = [...all];
  let problem: string | undefined;
  while (words.length > 0) {
    const parsed = parse(words);
    if ('filter' in parsed) return [parsed.filter, problem];
    const { word, message } = parsed.problem;
    problem ??= `${word}: ${message}`;
    words.splice(words.indexOf(word), 1);
  }
  return [undefined, problem];
}
