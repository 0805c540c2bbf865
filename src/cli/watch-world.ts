// What `shmtop watch` is handed beside the context of every command.
import type { LiveTap, StartLive } from '../probe/model/event/live-session.ts';
import type { Container } from '../probe/model/object.ts';

/** What a watch needs of the world beside the context. */
export interface WatchWorld {
  readonly start: StartLive;
  /** Records beside the watch until it is stopped, unless config.toml forbids it; `say`: in words what becomes of that. */
  readonly beside: (tap: LiveTap, say: (text: string) => void) => { readonly stop: () => void };
  /** With its name, where that is known by now. */
  readonly nameContainer: (container: Container) => Container;
  /** Calls back once at SIGINT (or SIGTERM); the function returned takes that back. */
  readonly onInterrupt: (interrupted: () => void) => () => void;
  /** Opens a new or emptied file, readable by its owner only; in words why not. */
  readonly openFile: (path: string) => { readonly write: (text: string) => void; readonly close: () => void } | string;
}
