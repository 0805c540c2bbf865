// Bundles src/main.ts into dist/: one small entry, each command and the dashboard as chunks that load only when asked for;
// and the worker processes of the load generator (src/load/worker), which start fast and load only koffi.
// koffi and systeminformation stay packages of their own (native code; large); everything else is bundled.
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { asciiOnly } from './ascii-plugin.mjs';
import { plainBuiltins } from './builtins-plugin.mjs';
import { quietEnv } from './quiet-env-plugin.mjs';
import { reachedFrom } from './start-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// What runs before the compile cache is on, and what every command needs: one file each, since a further one costs about a
// millisecond at every start.
const first = reachedFrom(root, 'src/main.ts');
const common = reachedFrom(root, 'src/start.ts');
// What every look needs beside that where a witness keeps a store.
const witnessed = reachedFrom(root, 'src/probe/look/witnessed.ts');

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  cwd: root,
  input: {
    main: 'src/main.ts',
    'sampler-worker': 'src/probe/thread/sampler-worker.ts',
    'replay-worker': 'src/probe/replay/replay-worker.ts',
    'removal-worker': 'src/remove/worker.ts',
    'load-worker': 'src/load/worker/main.ts',
    'poll-worker': 'src/probe/live/poll-worker.ts',
    asker: 'src/probe/territory/patience/asker.ts',
  },
  platform: 'node',
  plugins: [quietEnv(), plainBuiltins(), asciiOnly()],
  external: ['koffi', 'systeminformation', 'react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    codeSplitting: {
      groups: [
        { name: 'first', test: (id) => first.has(id) },
        { name: 'app', test: (id) => common.has(id) },
        { name: 'witnessed', test: (id) => witnessed.has(id) || id.endsWith('/src/probe/look/witnessed.ts') },
      ],
    },
    minify: true,
    sourcemap: false,
  },
});
chmodSync(`${root}/dist/main.js`, 0o755);
