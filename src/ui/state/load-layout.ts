// Where the choices of a load and its figures stand on the Throughput screen: for drawing and for clicks.
import { LOAD_FIELDS } from '../format/load-fields.ts';
import { wrapText } from '../format/wrap.ts';
import type { Pane } from './pane.ts';
import type { State } from './state.ts';

export interface LoadLayout {
  /** The choices, one a line, at the left; absent where the figures need all the room. */
  readonly form?: FormLayout;
  /** The choices in the last lines of the figures instead; 0 while they cannot be changed. */
  readonly stripLines: number;
  /** Absent where nothing has run and there is no room to explain. */
  readonly figures?: Pane & { readonly x: number };
}

export interface FormLayout extends Pane {
  readonly intro: readonly string[];
  /** Line of the body on which the first field stands. */
  readonly top: number;
  /** Fields that are shown, and the first of them. */
  readonly shown: number;
  readonly first: number;
}

const INTRO = 'Two processes or more pass messages through real shared memory, and each message is checked.';
const WIDE = 150;

export function layoutLoad(state: State, { width, height }: Pane): LoadLayout {
  const { meter, phase } = state.load;
  if (width >= WIDE && height >= 20) {
    const formWidth = Math.min(84, Math.max(70, Math.floor(width * 0.36)));
    const figures = { x: formWidth + 3, width: width - formWidth - 3, height };
    return { form: layoutForm(state, { width: formWidth, height }), stripLines: 0, figures };
  }
  if (!meter && phase === 'idle') return { form: layoutForm(state, { width, height }), stripLines: 0 };
  const stripLines = phase !== 'idle' ? 0 : height >= 26 ? 3 : height >= 10 ? 2 : 1;
  return { stripLines, figures: { x: 0, width, height: height - stripLines } };
}

function layoutForm(state: State, { width, height }: Pane): FormLayout {
  const isRoomy = height >= 16;
  const intro = isRoomy ? wrapText(INTRO, width - 2) : [];
  const top = isRoomy ? intro.length + 3 : 1;
  const shown = Math.min(LOAD_FIELDS.length, Math.max(1, height - top - (width < 60 ? 2 : 1)));
  const at = state.lists.throughput.selectedAt;
  const first = Math.max(0, Math.min(at - Math.floor(shown / 2), LOAD_FIELDS.length - shown));
  return { width, height, intro, top, shown, first };
}

/** The field at a place of the body; absent where there is none. */
export function fieldAt(state: State, body: Pane, x: number, line: number): number | undefined {
  const { form } = layoutLoad(state, body);
  if (!form || x >= form.width) return undefined;
  const at = line - form.top;
  return at >= 0 && at < form.shown ? form.first + at : undefined;
}
