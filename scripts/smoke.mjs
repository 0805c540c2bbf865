// The packed tarball, used as a stranger would: installed in an empty folder, run, then run again without koffi's binary.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'shmtop-smoke-'));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 30, ...options });
const check = (isTrue, what) => {
  if (!isTrue) throw new Error(what);
};

try {
  const [{ filename, size, files }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root }),
  );
  check(
    files.every(({ path }) => !/^(src|test|scripts)\//.test(path)),
    'the tarball carries sources',
  );
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const said = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `./${filename}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  check(said.status === 0 && said.stderr === '', `npm has something to say at installation: ${said.stderr}`);
  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  check(!installed.some((name) => name.startsWith('node-linux')), `users would download ${installed}`);

  const program = join(folder, 'node_modules/.bin/shmtop');
  const shmtop = (...args) => run(process.execPath, [program, ...args]);
  const { version } = JSON.parse(run('cat', [join(root, 'package.json')]));
  check(shmtop('--version').trim() === version, '--version');
  check(JSON.parse(shmtop('ls', '--json')).schemaVersion === 2, 'ls --json');
  check(JSON.parse(shmtop('schema')).$schema, 'schema');
  check(shmtop('doctor').includes('native calls'), 'doctor');
  for (const command of ['ls', 'show', 'ps']) check(shmtop(command, '--help').includes('Usage'), `${command} --help`);
  check(shmtop('ps').length > 0, 'ps');
  check(shmtop().length > 0, 'no arguments, over a pipe');

  const library = `import { snapshot, explain } from 'shmtop'; console.log((await snapshot()).objects.map(explain).length)`;
  check(/^\d+\n$/.test(run(process.execPath, ['--input-type=module', '-e', library])), 'the library');
  for (const name of ['THIRD-PARTY-NOTICES.txt', 'man/shmtop.1', 'library.d.ts'])
    check(existsSync(join(folder, 'node_modules/shmtop/dist', name)), name);

  rmSync(join(folder, 'node_modules/@koromix'), { recursive: true });
  check(!existsSync(join(folder, 'node_modules/@koromix')), 'the binary of koffi removed');
  check(JSON.parse(shmtop('ls', '--json')).schemaVersion === 2, 'ls --json without koffi');
  console.log(`smoke: ${filename}, ${Math.round(size / 1024)} KiB, works, with and without koffi`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
