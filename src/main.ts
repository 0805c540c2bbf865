// Entry: shuts the door that Node leaves open, turns the compile cache on before anything else is compiled, then starts the
// dashboard or a command. Nothing here may need more than an old Node has: whoever has one is told, instead of shown a syntax error.
import * as nodeModule from 'node:module';
import { codeCacheFolder } from './files/code-cache.ts';
import { noDebugger } from './process/no-debugger.ts';
import { singleFile } from './single-file/single-file.ts';

noDebugger();
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `shmtop: this is Node ${process.versions.node}, and shmtop needs Node 22.13 or later: install it (nodejs.org) and put it first in PATH.`,
  );
  process.exitCode = 1;
} else {
  // Never without a folder: Node's own choice lies below the temporary directory, where anybody can have made it first.
  // The single executable has its compiled code in itself.
  const cache = singleFile() ? undefined : codeCacheFolder(process.env);
  if (cache !== undefined) nodeModule.enableCompileCache(cache);
  const [first, ...rest] = process.argv.slice(2);
  const isHelp = [first, ...rest].some(
    (word) => word === '--help' || word === '--version' || word === '-h' || word === '-V',
  );
  // A command is a word; only options, or nothing at all, may mean the dashboard, and so may a replay that is to be looked at.
  const mayBeDashboard = first === undefined || first.startsWith('-') || first === 'replay';
  // process.stdout costs some milliseconds: asked last.
  const isTerminal = !isHelp && mayBeDashboard && process.stdout.isTTY;
  // Not awaited: a script of the single executable cannot.
  void (isTerminal
    ? first === undefined
      ? import('./start-dashboard.ts')
      : import('./which-start.ts')
    : import('./start.ts'));
}
