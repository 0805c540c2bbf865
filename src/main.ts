// Entry: turns the compile cache on before anything else is compiled, then starts the dashboard or a command.
import { enableCompileCache } from 'node:module';

enableCompileCache();
const words = process.argv.slice(2);
const isHelp = words.includes('--help') || words.includes('--version');
const isDashboard = process.stdout.isTTY && !isHelp && words.every((word) => word.startsWith('--'));
await (isDashboard ? import('./start-dashboard.ts') : import('./start.ts'));
