// How src becomes programs: what the entries are, how they are cut into files, what is not bundled. For the package of npm (build.mjs)
// as modules, for the single executable (scripts/package) as CommonJS.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { asciiOnly } from './ascii-plugin.mjs';
import { plainBuiltins } from './builtins-plugin.mjs';
import { quietEnv } from './quiet-env-plugin.mjs';
import { reachedFrom } from './start-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One small entry, each command and the dashboard as chunks that load only when asked for; threads; worker processes. */
const PROGRAM = {
  main: 'src/main.ts',
  'sampler-worker': 'src/probe/thread/sampler-worker.ts',
  'replay-worker': 'src/probe/replay/replay-worker.ts',
  'removal-worker': 'src/remove/worker.ts',
  'load-worker': 'src/load/worker/main.ts',
  'container-worker': 'src/probe/source/container-worker.ts',
  'poll-worker': 'src/probe/live/poll-worker.ts',
  asker: 'src/probe/territory/patience/asker.ts',
};

/** Native code. */
const EXTERNAL = ['koffi', 'react-devtools-core'];

/** `more`: further entries; `external`: packages that are found beside the program. Gives the names of the packages that are inside. */
export async function bundle({ dir, format, external = [], more = {}, plugins = [], output = {} }) {
  // What runs before the compile cache is on, and what every command needs: one file each, since a further one costs about a
  // millisecond at every start.
  const first = reachedFrom(root, 'src/main.ts');
  const common = reachedFrom(root, 'src/start.ts');
  // What every look needs beside that where a witness keeps a store.
  const witnessed = reachedFrom(root, 'src/probe/look/witnessed.ts');
  const { output: files } = await build({
    cwd: root,
    input: { ...PROGRAM, ...more },
    platform: 'node',
    plugins: [...plugins, quietEnv(), plainBuiltins(), asciiOnly()],
    external: [...EXTERNAL, ...external],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    logLevel: 'warn',
    output: {
      dir,
      format,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      codeSplitting: {
        groups: [
          { name: 'first', test: (id) => first.has(id) },
          { name: 'app', test: (id) => common.has(id) },
          { name: 'witnessed', test: (id) => witnessed.has(id) || id.endsWith('/src/probe/look/witnessed.ts') },
        ],
      },
      minify: true,
      sourcemap: false,
      ...output,
    },
  });
  const modules = files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  return [...new Set(modules.flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []))].sort();
}
