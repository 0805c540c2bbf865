// The single executable: Node, the programs and koffi's binary in one file, for one processor.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../bundle.mjs';
import { embed } from './elf.mjs';
import { syncYoga } from './sync-yoga-plugin.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const LOADER = readFileSync(join(here, 'loader.cjs'), 'utf8');
/** What V8 wraps a module of CommonJS into. */
const WRAP = ['(function (exports, require, module, __filename) {', '\n})'];
/** binutils, by processor; for our own the name without it will do. */
const PREFIXES = { x64: 'x86_64-linux-gnu-', arm64: 'aarch64-linux-gnu-' };

/** The programs as files below `folder`: name and path of each; and the packages that are in them. */
export async function programs(folder) {
  rmSync(folder, { recursive: true, force: true });
  const packages = await bundle({ dir: folder, format: 'cjs', plugins: [syncYoga()] });
  const names = globSync('**/*.js', { cwd: folder }).sort();
  for (const name of names) {
    const path = join(folder, name);
    writeFileSync(path, WRAP.join(readFileSync(path, 'utf8')));
  }
  return { packages, files: Object.fromEntries(names.map((name) => [name, join(folder, name)])) };
}

/**
 * Writes `target`. `files`: what `programs` gave. `caches`: by name, compiled code of them for that very Node and processor, paths.
 * `epilogue`: more text for the loader, behind it.
 */
export function makeSingleFile({ target, node, koffi, arch, files, caches = {}, epilogue = '', folder }) {
  mkdirSync(folder, { recursive: true });
  const loader = LOADER.replace('\n  load(`', `\n  ${epilogue}\n  load(\``);
  const scratch = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const assets = {
    ...files,
    ...Object.fromEntries(Object.entries(caches).map(([name, path]) => [`${name}.cache`, path])),
    caches: scratch('caches', JSON.stringify(Object.keys(caches))),
    loader: scratch('loader', loader),
    koffi,
  };
  const config = {
    main: scratch('main.cjs', loader),
    output: join(folder, 'blob'),
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgv: ['--no-warnings', '--disable-sigusr1'],
    // NODE_OPTIONS is not read: who may set it runs what he likes as whoever starts us.
    execArgvExtension: 'none',
    assets,
  };
  execFileSync(process.execPath, ['--experimental-sea-config', scratch('sea.json', JSON.stringify(config))], {
    stdio: 'pipe',
  });
  const file = embed(readFileSync(stripped(node, arch, folder)), {
    blob: readFileSync(config.output),
    code: assembled(arch, folder),
    inner: readFileSync(koffi),
  });
  writeFileSync(target, file);
  chmodSync(target, 0o755);
}

/** Without the symbols, which nothing needs at run time: 11 MB. */
function stripped(node, arch, folder) {
  const path = join(folder, 'node');
  copyFileSync(node, path);
  execFileSync(tool('strip', arch), ['--strip-all', path]);
  return path;
}

function assembled(arch, folder) {
  const [object, code] = [join(folder, 'start.o'), join(folder, 'start.bin')];
  execFileSync(tool('as', arch), ['-o', object, join(here, `start-${arch}.s`)]);
  execFileSync(tool('objcopy', arch), ['-O', 'binary', '-j', '.text', object, code]);
  return readFileSync(code);
}

function tool(name, arch) {
  const whole = `${PREFIXES[arch]}${name}`;
  if (arch === process.arch && spawnSync(whole, ['--version']).error) return name;
  return whole;
}
