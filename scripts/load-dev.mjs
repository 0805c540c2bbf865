import { Command } from 'commander';
import { registerLoad, runLoad } from '../src/cli/load.ts';
import { openLoadEngine } from '../src/load/engine.ts';

const abort = new AbortController();
process.on('SIGINT', () => abort.abort());
const term = (s) => ({ columns: s.columns, isTty: !!s.isTTY, write: (t) => void s.write(t) });
const p = new Command('shmtop').exitOverride((e) => {
  process.exit(e.exitCode === 0 ? 0 : 2);
});
registerLoad(p, async (words) => {
  process.exitCode = await runLoad(words, {
    openEngine: openLoadEngine,
    stdout: term(process.stdout),
    stderr: term(process.stderr),
    env: process.env,
    signal: abort.signal,
  });
});
await p.parseAsync();
