// The built program, where every user of a lab can run it: a copy, so that a build during the tests does not pull it away.
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  /** The Node that runs the tests, or a copy of it that everybody can execute. */
  readonly node: string;
  readonly main: string;
  /** The real folder of koffi's binaries, without which the program has no native calls. */
  readonly koffi: string;
}

/** Copies the bundle below `dir`, and what it needs with it where the repository is not readable for everybody. */
export function installProgram(dir: string): Program {
  const main = process.env.SHMTOP_MAIN ?? join(repository, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: build it with "npm run build" first`);
  const home = join(dir, 'program');
  mkdirSync(home);
  cpSync(dirname(main), join(home, 'dist'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(home, 'package.json'));
  const modules = join(repository, 'node_modules');
  if (isOpenToAll(join(modules, 'systeminformation', 'package.json'))) {
    symlinkSync(modules, join(home, 'node_modules'));
  } else {
    for (const name of ['@koromix', 'systeminformation']) {
      cpSync(realpathSync(join(modules, name)), join(home, 'node_modules', name), { recursive: true });
    }
  }
  return {
    node: openNode(dir),
    main: join(home, 'dist', 'main.js'),
    koffi: realpathSync(join(home, 'node_modules', '@koromix')),
  };
}

function openNode(dir: string): string {
  const node = realpathSync(process.execPath);
  if (isOpenToAll(node)) return node;
  const copy = join(dir, 'node');
  cpSync(node, copy);
  chmodSync(copy, 0o755);
  return copy;
}

/** True when every folder on the way lets others through and the file itself lets them read. */
export function isOpenToAll(path: string): boolean {
  const file = realpathSync(path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
    if (folder === '/') break;
  }
  accessSync(file, constants.R_OK);
  return (statSync(file).mode & constants.S_IROTH) !== 0;
}
