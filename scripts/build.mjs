// Bundles src/main.ts into dist/, for Node and npm. koffi and systeminformation stay packages of their own (native code; large);
// everything else is bundled.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { manualPages } from './man.mjs';
import { notices } from './package/notices.mjs';
import { libraryTypes } from './types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}/dist`, { recursive: true, force: true });
const packages = await bundle({
  dir: 'dist',
  format: 'esm',
  external: ['systeminformation'],
  more: { library: 'src/library.ts' },
  output: { banner: (chunk) => (chunk.isEntry && chunk.name !== 'library' ? '#!/usr/bin/env node' : '') },
});
chmodSync(`${root}/dist/main.js`, 0o755);
writeFileSync(`${root}/dist/THIRD-PARTY-NOTICES.txt`, notices(packages));
writeFileSync(`${root}/dist/library.d.ts`, libraryTypes());
mkdirSync(`${root}/dist/man`);
for (const [name, page] of Object.entries(manualPages(Date.now())))
  if (!name.endsWith('.example')) writeFileSync(`${root}/dist/man/${name}`, page);
