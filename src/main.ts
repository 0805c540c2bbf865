// Entry: turns the compile cache on before anything else is compiled, then starts the dashboard or a command.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const [first, ...rest] = process.argv.slice(2);
const isHelp = [first, ...rest].some((word) => word === '--help' || word === '--version');
// A command is a word; only options, or nothing at all, mean the dashboard. process.stdout costs some milliseconds: asked last.
const isDashboard = !isHelp && (first === undefined || first.startsWith('--')) && process.stdout.isTTY;
await (isDashboard ? import('./start-dashboard.ts') : import('./start.ts'));
