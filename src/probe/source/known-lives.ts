// All that a witness saw on this boot, read once: for a command that shows it and ends.
import { isLibc, loadLibc } from '../../native/libc.ts';
import type { KnownLives } from '../model/life/life.ts';
import { nativeIo } from './io-native.ts';
import { nodeIo } from './io-node.ts';
import { readNamespace } from './namespace-link.ts';
import { DEFAULT_PROC_ROOT } from './proc-kind.ts';
import { WitnessFile } from './witness-file.ts';

/** `folders`: see `witnessFolders` (files/homes.ts). What was seen on this machine says nothing of another proc root. */
export function readKnownLives(folders: readonly string[], procRoot = DEFAULT_PROC_ROOT): KnownLives | string {
  if (procRoot !== DEFAULT_PROC_ROOT) return { lives: [] };
  const loaded = loadLibc();
  const libc = isLibc(loaded) ? loaded : undefined;
  const io = libc ? nativeIo(libc) : nodeIo();
  const file = new WitnessFile(folders, io, libc);
  try {
    const known = file.lives();
    const ipcNamespace = readNamespace(io, procRoot, 'self', 'ipc');
    return typeof known === 'string' || ipcNamespace === undefined ? known : { ...known, ipcNamespace };
  } finally {
    file.close();
  }
}
