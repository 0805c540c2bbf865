// Everything that can happen to the state.
import type { Peek } from '../../probe/model/peek.ts';
import type { ProcessShare } from '../../probe/model/process-share.ts';
import type { TickInput } from './data.ts';
import type { Intent } from './keymap.ts';
import type { LoadNews } from './load.ts';
import type { Message, Settings } from './state.ts';

export type Action =
  | { readonly type: 'tick'; readonly tick: TickInput }
  | { readonly type: 'intent'; readonly intent: Intent }
  /** A key in a prompt. */
  | { readonly type: 'prompt-key'; readonly key: string; readonly text?: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'click'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly lines: number }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  /** Time went by: messages end, data grow old. */
  | { readonly type: 'clock'; readonly nowMs: number; readonly lastTickMs: number }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'peek'; readonly id: string; readonly offset: number; readonly peek: Peek }
  | { readonly type: 'share'; readonly share: ProcessShare }
  | { readonly type: 'load'; readonly news: LoadNews }
  | { readonly type: 'settings'; readonly settings: Partial<Settings> }
  /** The order of the rows stays as it is while a dialog of removal is open. */
  | { readonly type: 'freeze'; readonly isFrozen: boolean };
