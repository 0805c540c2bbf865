// Entry: turns the compile cache on before anything else is compiled, then starts the dashboard or a command.
import { enableCompileCache } from 'node:module';
import { isatty } from 'node:tty';

enableCompileCache();
const [first, ...rest] = process.argv.slice(2);
const isHelp = [first, ...rest].some((word) => word === '--help' || word === '--version');
// A command is a word; only options, or nothing at all, mean the dashboard.
const isDashboard = isatty(1) && !isHelp && (first === undefined || first.startsWith('--'));
await (isDashboard ? import('./start-dashboard.ts') : import('./start.ts'));
