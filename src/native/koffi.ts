// Loads koffi. Its own loader reads every export of node:util, which opens standard error and costs 6 ms at each start, so its
// binary is taken directly where that is the one of this machine; in every other case the loader decides.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Koffi = typeof import('koffi');

/** Throws what koffi throws where it cannot be loaded: its platform package is missing, or Node is too old. */
export function loadKoffi(): Koffi {
  const require = createRequire(import.meta.url);
  const { arch } = process;
  try {
    // Where musl is installed, this Node may be built for it and need the other binary.
    const mayBeMusl = existsSync(`/lib/ld-musl-${arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`);
    if (!mayBeMusl) {
      // As seen from koffi: it is its dependency, not ours.
      return createRequire(require.resolve('koffi'))(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`);
    }
  } catch {
    // MODULE_NOT_FOUND, ERR_DLOPEN_FAILED: built on this machine, or laid out otherwise
  }
  return require('koffi');
}
