// Pairs of a leak and an object that somebody wants, which look the same in a snapshot: without a witness, and with one that was there before.
// No wanted object is ever called abandoned; every leak is at least orphaned where nothing speaks for a return; what was watched is proven.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { findProgram } from '../support/lab-host.ts';
import type { Ls, LsObject } from '../support/lab-json.ts';

const scene = fileURLToPath(new URL('situations/scene.py', import.meta.url));
const python = findProgram('python3', ['/usr/bin']);
const missing = labMissing() ?? containerReason() ?? (python ? undefined : 'no /usr/bin/python3');

/** One object that a side of a situation made. `alone`, `witnessed`: what a leak must be called at least, without and with a witness. */
interface Told {
  readonly situation: string;
  readonly side: 'leak' | 'wanted';
  readonly id: string;
  readonly alone?: string;
  readonly witnessed?: string | null;
  readonly error?: string;
}

async function play(lab: Lab): Promise<readonly Told[]> {
  const child = lab.start([python ?? '', scene]);
  const told: Told[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const said: Told & { readonly played?: number } = JSON.parse(line);
    if (said.played !== undefined) {
      expect(said.played).toBeGreaterThanOrEqual(30);
      return told;
    }
    expect(said.error, `${said.situation} ${said.side}`).toBeUndefined();
    told.push(said);
  }
  throw new Error('the scene ended early');
}

const verdictOf = (ls: Ls, { id }: Told): LsObject['verdict'] => {
  const object = ls.objects.find(
    ({ kind, shmid, name, ipcNamespace }) =>
      (kind === 'sysv' ? `sysv:${shmid}` : `posix:${name}`) === id &&
      (kind !== 'sysv' || ipcNamespace === ls.host.ipcNamespace),
  );
  if (!object) throw new Error(`${id} is not listed`);
  return object.verdict;
};

const CERTAINTY = ['unknown', 'in-use', 'unheld', 'orphaned', 'abandoned'];
const isAtLeast = (state: string, wanted: string) => CERTAINTY.indexOf(state) >= CERTAINTY.indexOf(wanted);
const spell = (told: Told, verdict: LsObject['verdict']) =>
  `${told.situation} ${told.side} ${told.id}: ${verdict.state} (${verdict.evidence.map(({ text }) => text).join('; ')})`;

describe.skipIf(missing)(labTitle('pairs of a leak and a wanted object', missing), () => {
  describe.each([
    { title: 'without a witness', isWatched: false },
    { title: 'with a witness that was there before', isWatched: true },
  ])('$title', ({ isWatched }) => {
    let lab: Lab;
    let told: readonly Told[];
    let ls: Ls;

    beforeAll(async () => {
      lab = await openLab('machine-pids');
      await lab.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'own', '/var/lib']);
      if (isWatched) await startWitness(lab);
      told = await play(lab);
      if (isWatched) await new Promise((resolve) => setTimeout(resolve, 3000)); // what ended last is told and written
      ls = await lab.ls(['--min-age', '0']);
    });
    afterAll(() => lab?.close());

    test('nothing that somebody wants is called abandoned', () => {
      const wrong = told
        .filter(({ side }) => side === 'wanted')
        .map((one) => ({ one, verdict: verdictOf(ls, one) }))
        .filter(({ verdict }) => verdict.state === 'abandoned');
      expect(wrong.map(({ one, verdict }) => spell(one, verdict))).toEqual([]);
    });

    test('every leak is at least orphaned', () => {
      const missed = told
        .filter(({ side }) => side === 'leak')
        .map((one) => ({ one, verdict: verdictOf(ls, one) }))
        .filter(({ one, verdict }) => !isAtLeast(verdict.state, one.alone ?? 'orphaned'));
      expect(missed.map(({ one, verdict }) => spell(one, verdict))).toEqual([]);
    });

    test.runIf(isWatched)('19 of 20 leaks whose makers were killed are proven', () => {
      const leaks = told.filter(({ side, witnessed }) => side === 'leak' && witnessed === 'abandoned');
      const missed = leaks
        .map((one) => ({ one, verdict: verdictOf(ls, one) }))
        .filter(({ verdict }) => verdict.state !== 'abandoned');
      expect(missed.length, missed.map(({ one, verdict }) => spell(one, verdict)).join('\n')).toBeLessThanOrEqual(
        leaks.length / 20,
      );
    });

    test('rm --abandoned takes nothing that somebody wants', async () => {
      const { stdout } = await lab.shmtop(['rm', '--abandoned', '--yes', '--min-age', '0', '--json']);
      const removed: readonly string[] = JSON.parse(stdout).removed.map(({ id }: { readonly id: string }) => id);
      const after = await lab.ls(['--min-age', '0']);
      for (const one of told) if (one.side === 'wanted') expect(() => verdictOf(after, one), one.id).not.toThrow();
      expect(removed.length).toBeGreaterThan(0);
    });
  });
});

/** Resolves once it says that it watches. */
async function startWitness(lab: Lab): Promise<void> {
  const child = lab.start(lab.shmtopWords(['witness']));
  const lines = createInterface({ input: child.stderr });
  const end = once(child, 'close').then(([code]) => Promise.reject(new Error(`the witness ended with ${code}`)));
  end.catch(() => {}); // it ends with the lab
  await Promise.race([once(lines, 'line'), end]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
}
