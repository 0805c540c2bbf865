// Entry: turns the compile cache on before anything else is compiled, then starts the dashboard or a command.
import * as nodeModule from 'node:module';

const OLDEST = [22, 12];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `shmtop: this is Node ${process.version}, and shmtop needs Node ${OLDEST.join('.')} or newer.\n`,
  );
  process.exit(1);
}
// As a member, since a name that an older Node does not export would end the program before it can say so.
nodeModule.enableCompileCache();
const [first, ...rest] = process.argv.slice(2);
const isHelp = [first, ...rest].some((word) => word === '--help' || word === '--version');
// A command is a word; only options, or nothing at all, mean the dashboard, and so does a replay that is to be looked at.
const mayBeDashboard =
  first === undefined || first.startsWith('--') || (first === 'replay' && !rest.includes('--json'));
// process.stdout costs some milliseconds: asked last.
const isDashboard = !isHelp && mayBeDashboard && process.stdout.isTTY;
await (isDashboard ? import('./start-dashboard.ts') : import('./start.ts'));
