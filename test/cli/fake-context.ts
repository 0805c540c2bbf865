// A world for commands: a snapshot instead of a machine, and terminals that remember what was written.
import type { Ask, CliContext, Removal, SampleRequest } from '../../src/cli/context.ts';
import type { Account } from '../../src/probe/model/account/account.ts';
import type { Capability } from '../../src/probe/model/capability.ts';
import type { KeptSnapshot } from '../../src/probe/model/decode/kept-snapshot.ts';
import type { HostMemory } from '../../src/probe/model/host-memory.ts';
import type { KnownLives } from '../../src/probe/model/life/life.ts';
import type { Semaphores } from '../../src/probe/model/semaphores.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';

export interface FakeWorld {
  readonly context: CliContext;
  readonly out: () => string;
  readonly err: () => string;
  readonly requests: SampleRequest[];
}

export function fakeWorld(
  snapshot: Snapshot,
  options: {
    /** Columns of the terminal; absent: a pipe. */
    readonly columns?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly semaphores?: Semaphores | string;
    readonly account?: Account;
    readonly memory?: HostMemory;
    readonly peek?: CliContext['peek'];
    readonly lives?: KnownLives | string;
    readonly files?: Readonly<Record<string, KeptSnapshot | string>>;
    /** What lies at a path, `major:minor:inode`. */
    readonly paths?: Readonly<Record<string, string>>;
    readonly planSearch?: CliContext['planSearch'];
    readonly asker?: CliContext['asker'];
    readonly rules?: CliContext['rules'];
    readonly capabilities?: readonly Capability[];
    /** What removes; absent: nothing may. */
    readonly removal?: Removal;
    /** Who answers; absent: nobody can be asked. */
    readonly ask?: Ask;
  } = {},
): FakeWorld {
  const written = { out: '', err: '' };
  const requests: SampleRequest[] = [];
  const text = (content: string | Uint8Array) =>
    typeof content === 'string' ? content : new TextDecoder().decode(content);
  const isTty = options.columns !== undefined;
  return {
    context: {
      sample: (request) => {
        requests.push(request);
        return snapshot;
      },
      account: (request) => {
        requests.push(request);
        return Promise.resolve({ snapshot, account: options.account ?? { parts: [], huge: [] } });
      },
      memory: () => options.memory,
      fileAt: (path) => options.paths?.[path],
      semaphores: () => Promise.resolve(options.semaphores ?? 'not in this test'),
      metrics: () => Promise.reject(new Error('not in this test')),
      capabilities: () => Promise.resolve(options.capabilities ?? []),
      peek: options.peek ?? (() => ({ refused: 'not in this test' })),
      lives: () => Promise.resolve(options.lives ?? { lives: [] }),
      live: () => Promise.reject(new Error('not in this test')),
      witness: () => Promise.reject(new Error('not in this test')),
      keptSnapshot: (path) => Promise.resolve(options.files?.[path] ?? 'there is no such file'),
      recording: () => Promise.reject(new Error('not in this test')),
      rules: options.rules ?? {},
      placement: async ({ id }) => ({ id, ranges: [] }),
      planSearch: options.planSearch ?? (() => Promise.reject(new Error('nothing is searched in this test'))),
      openLoad: () => Promise.reject(new Error('not in this test')),
      stdout: {
        isTty,
        columns: options.columns,
        write: (content) => {
          written.out += text(content);
        },
      },
      stderr: {
        isTty: false,
        write: (content) => {
          written.err += text(content);
        },
      },
      removal: () =>
        options.removal
          ? Promise.resolve(options.removal)
          : Promise.reject(new Error('nothing is removed in this test')),
      asker: options.asker ?? (() => Promise.resolve(options.ask)),
      sleep: () => {},
      env: { LANG: 'C.UTF-8', NO_COLOR: '1', ...options.env },
    },
    out: () => written.out,
    err: () => written.err,
    requests,
  };
}
