// On a terminal, where options came first: is it the dashboard that is meant, or what is only printed?
import { isForDashboard } from './cli/which-command.ts';

void (isForDashboard(process.argv.slice(2)) ? import('./start-dashboard.ts') : import('./start.ts'));
