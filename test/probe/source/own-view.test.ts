// Who looks from other namespaces sees other pids, start times and paths: that must be told apart, by real namespaces.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { isRootOfMachine, ownView } from '../../../src/probe/source/own-view.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const canUnshare = spawnSync('unshare', ['--time', '--fork', '--boottime', '1000', 'true']).status === 0;

const viewBelow = (...words: readonly string[]) => {
  const script = `import('${join(root, 'src/probe/source/own-view.ts')}').then(({ ownView }) => console.log(ownView()))`;
  const [command = '', ...args] = [...words, process.execPath, '--input-type=module', '-e', script];
  return spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
};

describe('from where one looks', () => {
  it('is the same for two processes beside each other', () => {
    expect(viewBelow()).toBe(ownView());
    expect(ownView()).toMatch(/^[1-9]\d+\.\d+\.\d+$/);
  });

  it.skipIf(!canUnshare).each([
    ['time', ['unshare', '--time', '--boottime', '1000', '--fork']],
    ['control group', ['unshare', '--cgroup']],
    ['pid', ['unshare', '--pid', '--fork', '--mount-proc']],
  ])('is another one in a %s namespace', (_, words) => {
    const view = viewBelow(...words);
    expect(view).toMatch(/^\d+\.\d+\.\d+$/);
    expect(view).not.toBe(ownView());
  });

  it('is not the machine below another root, and where that may not be asked', () => {
    const stat = { ...(nodeIo().stat('/', 'follow') as object), device: 1, inode: 2 } as Exclude<
      ReturnType<Io['stat']>,
      number
    >;
    const seen = (first: ReturnType<Io['stat']>): Io => ({
      ...nodeIo(),
      stat: (path) => (path === '/' ? stat : path === '/proc/1/root/' ? first : -2),
    });
    expect(isRootOfMachine(seen(stat))).toBe(true);
    expect(isRootOfMachine(seen({ ...stat, device: 3 }))).toBe(false);
    expect(isRootOfMachine(seen({ ...stat, inode: 3 }))).toBe(false);
    expect(isRootOfMachine(seen(-13))).toBe(false);
  });
});
