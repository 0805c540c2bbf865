// Ctrl-S: the snapshot that is shown, into a new file beside us.
import { errorCode } from '../../fault/thrown.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import type { CommandHost } from '../commands.ts';
import type { State } from '../state/state.ts';

/** Writes into a new file; rejects with what the file system says. */
export type WriteSnapshot = (snapshot: Snapshot, path: string) => Promise<void>;

/** Says what became of it; nothing where there is no snapshot yet, or nobody to write it. */
export async function save(state: State, write: WriteSnapshot | undefined, say: CommandHost['say']): Promise<void> {
  const { head, objects } = state.data;
  if (!head || !write) return;
  const path = `shmtop-${new Date(head.takenAtMs).toISOString().replace(/[:.]/g, '-')}.json`;
  try {
    await write({ ...head, objects }, path);
    say(`Written: ${path}`, 'good');
  } catch (cause) {
    say(`Cannot write ${path} (${errorCode(cause)}).`, 'bad');
  }
}
