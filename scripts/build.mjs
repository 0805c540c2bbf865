// Bundles src/main.ts into dist/: one small entry, each command and the dashboard as chunks that load only when asked for;
// and the worker processes of the load generator (src/load/worker), which start fast and load only koffi.
// koffi and systeminformation stay packages of their own (native code; large); everything else is bundled.
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { plainBuiltins } from './builtins-plugin.mjs';

// What `ls` needs. The rest of these folders (live events, removal, load, dashboard) is read only by what uses it.
const COMMON = new RegExp(
  `src.(${[
    'cli.(?!ask|dashboard|doctor|help|load|ps|replay|restore|rm|schema|show|watch)',
    'native.(errno|file|koffi|last-resort|layout|libc|memory|pipe|posix-shm|process|sysv)',
    'ui.format.(?!event|load-|milliseconds|removal)',
    'ui.state.(filter|object-filter|object-id|process-row\\.|process-filter)',
    'probe.(machine|sampler\\.|sighting)',
    'probe.source.(?!content|process-share|recording|residents)',
    'probe.territory.(?!answer|asker|stall)',
    'probe.worker-file',
    'probe.parse.(cgroup|maps|names|pid-stat|sysvipc)',
    'probe.model.(assemble|bytes|evidence|gap|huge-pages|identity|interest|join|maker|mapping-record|object\\.|once|segment-keeper|shm-entry|software|sysv-row|verdict)',
  ].join('|')})`,
);
const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  cwd: root,
  input: {
    main: 'src/main.ts',
    'sampler-worker': 'src/probe/sampler-worker.ts',
    'replay-worker': 'src/probe/replay-worker.ts',
    'removal-worker': 'src/remove/worker.ts',
    'load-worker': 'src/load/worker/main.ts',
    'poll-worker': 'src/probe/live/poll-worker.ts',
    asker: 'src/probe/territory/asker.ts',
  },
  platform: 'node',
  plugins: [plainBuiltins()],
  external: ['koffi', 'systeminformation', 'react-devtools-core'],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    // What every command needs is one file: each further one costs about a millisecond at every start.
    // The dashboard's own files and its worker are not among it.
    codeSplitting: { groups: [{ name: 'app', test: COMMON }] },
    minify: true,
    sourcemap: false,
  },
});
chmodSync(`${root}/dist/main.js`, 0o755);
