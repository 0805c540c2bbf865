// Bundles src/main.ts into dist/, for Node and npm. koffi and systeminformation stay packages of their own (native code; large);
// everything else is bundled.
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}/dist`, { recursive: true, force: true });
await bundle({
  dir: 'dist',
  format: 'esm',
  external: ['systeminformation'],
  output: { banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : '') },
});
chmodSync(`${root}/dist/main.js`, 0o755);
