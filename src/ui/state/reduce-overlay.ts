// Keys in help, setup and the content view. Undefined: the key means what it means everywhere.
import { itemAt } from '../../probe/model/item-at.ts';
import type { Intent } from './intent.ts';
import { isMove, type Move, targetOf } from './reduce-move.ts';
import { openPrompt } from './reduce-prompt.ts';
import { layoutScreen } from './screen-layout.ts';
import { moveColumn, setupAt, setupItems, setupKey, setupTable, toggleItem } from './setup-items.ts';
import type { State } from './state.ts';
import { withChoice } from './table.ts';

const moved = (move: Move, at: number, count: number, height: number) =>
  Math.max(0, Math.min(count - 1, targetOf(move, at, count, height)));

export function reduceHelp(state: State, intent: Intent): State | undefined {
  const { overlay } = state;
  if (overlay?.kind !== 'help') return undefined;
  if (isMove(intent)) {
    // The number of lines is the drawing's business, which also keeps the last page full.
    return {
      ...state,
      overlay: { ...overlay, top: Math.max(0, targetOf(intent, overlay.top, 200, layoutScreen(state).body.height)) },
    };
  }
  switch (intent) {
    case 'search':
    case 'filter':
      return openPrompt(state, 'help-filter');
    case 'back':
      return overlay.query !== ''
        ? { ...state, overlay: { ...overlay, query: '', top: 0 } }
        : { ...state, overlay: undefined };
    default:
      return undefined;
  }
}

export function reduceSetup(state: State, intent: Intent): State | undefined {
  const { overlay } = state;
  if (overlay?.kind !== 'setup') return undefined;
  const items = setupItems(state);
  const at = setupAt(items, overlay.item);
  const item = itemAt(items, at);
  if (isMove(intent)) {
    const to = itemAt(items, moved(intent, at, items.length, layoutScreen(state).body.height));
    return { ...state, overlay: { kind: 'setup', item: setupKey(to) } };
  }
  const stays = { ...state, overlay: { kind: 'setup', item: setupKey(item) } } as const;
  switch (intent) {
    case 'toggle':
    case 'right':
      return toggleItem(stays, item);
    case 'move-earlier':
    case 'move-later': {
      const step = intent === 'move-later' ? 1 : -1;
      const columns = item.kind === 'column' ? moveColumn(state, item.id, step) : undefined;
      return columns ? withChoice(stays, setupTable(state), { columns }) : state;
    }
    case 'back':
      return { ...state, overlay: undefined };
    default:
      return undefined;
  }
}

/** Bytes in one line of the dump. */
const LINE_BYTES = 16;

/** Bytes that the content view shows at once. */
export function contentBytes(state: State): number {
  return Math.max(1, layoutScreen({ ...state, detail: undefined }).body.height - 2) * LINE_BYTES;
}

export function reduceContent(state: State, intent: Intent): State | undefined {
  const { content } = state;
  if (!content) return undefined;
  const page = contentBytes(state);
  const size = state.data.byId.get(content.id)?.sizeBytes ?? 0;
  const last = Math.max(0, Math.ceil((size - page) / LINE_BYTES) * LINE_BYTES);
  const to = (offset: number) => ({ ...state, content: { ...content, offset: Math.max(0, Math.min(last, offset)) } });
  switch (intent) {
    case 'up':
      return to(content.offset - LINE_BYTES);
    case 'down':
      return to(content.offset + LINE_BYTES);
    case 'page-up':
      return to(content.offset - page);
    case 'page-down':
      return to(content.offset + page);
    case 'first':
      return to(0);
    case 'last':
      return to(last);
    case 'back':
      return { ...state, content: undefined };
    default:
      return undefined;
  }
}
