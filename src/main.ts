// Entry: turns the compile cache on before anything else is compiled, then starts the program.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./start.ts');
