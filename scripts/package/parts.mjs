// What the single executable is made of, by processor: Node and koffi's binary, as package-lock.json names them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const ARCHES = ['x64', 'arm64'];

/** Paths. What is not installed, since it is for another processor, is fetched below `folder`, and has to be what the lock says. */
export function partsFor(arch, folder) {
  return {
    node: join(packageFolder(`node-linux-${arch}`, folder), 'bin/node'),
    koffi: join(packageFolder(`@koromix/koffi-linux-${arch}`, folder), `linux_${arch}/koffi.node`),
  };
}

function packageFolder(name, folder) {
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const locked = packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`package-lock.json does not know ${name}`);
  const target = join(folder, `${name.replaceAll('/', '+')}-${locked.version}`);
  if (existsSync(join(target, 'package'))) return join(target, 'package');
  mkdirSync(target, { recursive: true });
  const [{ filename, integrity }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', target, `${name}@${locked.version}`], {
      encoding: 'utf8',
      cwd: folder,
    }),
  );
  if (integrity !== locked.integrity) throw new Error(`${name} is not what package-lock.json says`);
  execFileSync('tar', ['xzf', join(target, filename), '-C', target]);
  return join(target, 'package');
}
