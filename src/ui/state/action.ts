// Everything that can happen to the state.
import type { AccountReadings } from '../../probe/model/account/account.ts';
import type { ShmEvent } from '../../probe/model/event/event.ts';
import type { KnownLife } from '../../probe/model/life/life.ts';
import type { Peek } from '../../probe/model/peek.ts';
import type { ProcessShare } from '../../probe/model/process-share.ts';
import type { ReplayPosition } from '../../probe/model/replay-position.ts';
import type { Residents } from '../../probe/model/residents.ts';
import type { Report } from '../../remove/model/report.ts';
import type { TickInput } from './data.ts';
import type { Intent } from './intent.ts';
import type { LoadNews } from './load.ts';
import type { LiveState, Message, Settings } from './state.ts';

export type Action =
  | { readonly type: 'tick'; readonly tick: TickInput }
  | { readonly type: 'intent'; readonly intent: Intent }
  /** A key in a prompt; `atMs`: when it came, where that matters. */
  | { readonly type: 'prompt-key'; readonly key: string; readonly text?: string; readonly atMs?: number }
  | { readonly type: 'paste'; readonly text: string; readonly atMs?: number }
  | { readonly type: 'click'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly lines: number }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  /** Time went by: messages end, data grow old. */
  | { readonly type: 'clock'; readonly nowMs: number; readonly lastTickMs: number }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'peek'; readonly id: string; readonly offset: number; readonly peek: Peek }
  | { readonly type: 'residents'; readonly residents: Residents }
  | { readonly type: 'life'; readonly known: KnownLife }
  | { readonly type: 'account'; readonly readings: AccountReadings }
  | { readonly type: 'share'; readonly share: ProcessShare }
  | { readonly type: 'events'; readonly events: readonly ShmEvent[] }
  | { readonly type: 'replay'; readonly position: ReplayPosition }
  | { readonly type: 'live'; readonly live: LiveState }
  | { readonly type: 'load'; readonly news: LoadNews }
  | { readonly type: 'settings'; readonly settings: Partial<Settings> }
  | { readonly type: 'removal-progress'; readonly done: number }
  /** The program ends: what is at work ends after the object that it is at. */
  | { readonly type: 'removal-stop' }
  | { readonly type: 'removal-done'; readonly report: Report };
