// Attackers: programs of another user in namespaces of his own, started from a folder beside the test and ended with the lab.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** An ordinary user makes a user namespace, in which he is root, and a mount namespace below it: no privilege is needed. */
const OWN_NAMESPACES = ['unshare', '--user', '--map-root-user', '--mount', '--propagation', 'private'];

export interface Attacker {
  /** Of the process that keeps the attack up, as the lab's processes see it. */
  readonly pid: number;
  readonly end: () => void;
}

/** Runs a script (`mounts/over.sh`) in such namespaces until it says `up PID`, and leaves it running. */
export async function attack(lab: Lab, script: string, ...words: readonly string[]): Promise<Attacker> {
  const text = readFileSync(join(HERE, script), 'utf8');
  const interpreter = script.endsWith('.py')
    ? ['env', 'PATH=/usr/bin:/bin', 'python3', '-c', text]
    : ['sh', '-euc', text, basename(script)];
  return attackWith(lab, [...interpreter, ...words]);
}

/** The same with a command of the lab. `by` root: as a container engine would, in our own user namespace. */
export async function attackWith(
  lab: Lab,
  command: readonly string[],
  by: 'user' | 'root' = 'user',
): Promise<Attacker> {
  const child =
    by === 'root'
      ? lab.start(['unshare', '--mount', '--propagation', 'private', ...command])
      : lab.start([...OWN_NAMESPACES, ...command], { uid: NOBODY });
  let complaint = '';
  child.stderr.on('data', (piece: Buffer) => {
    complaint += piece.toString();
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', (code) => reject(new Error(`${command[0]} ended with ${code}: ${complaint}`)));
  });
  const pid = Number(/^up (\d+)$/.exec(line)?.[1]);
  return { pid, end: () => child.kill('SIGKILL') };
}

/** The words that run a script of the folder, for `attackWith`. */
export const scriptWords = (script: string, ...words: readonly string[]): readonly string[] => [
  'sh',
  '-euc',
  readFileSync(join(HERE, script), 'utf8'),
  basename(script),
  ...words,
];

/** Compiles a program for attackers into the lab's scratch folder: its path there. */
export async function compiled(lab: Lab, source: string): Promise<string> {
  const target = `${lab.scratch}/${basename(source, '.c')}`;
  await lab.compile(target, join(HERE, source));
  return target;
}

/** Why no attacker can be played on this machine; absent when one can. */
export function attackMissing(): string | undefined {
  try {
    execFileSync('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...OWN_NAMESPACES, 'true'], {
      stdio: 'pipe',
    });
    return undefined;
  } catch (cause) {
    return `users cannot make namespaces: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`;
  }
}
