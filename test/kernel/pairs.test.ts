// Pairs: a leak beside a wanted object that looks the same in a snapshot. The wanted one is never called abandoned, and the leak is
// an orphan at least, wherever nothing speaks for a return.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { evidenceCodes, type Ls, type LsObject, namedIn } from '../support/lab-json.ts';

const SCRIPT = fileURLToPath(new URL('pairs/scene.py', import.meta.url));
const missing = labMissing() ?? containerReason();
const AT_ONCE = ['--min-age', '0'];

/** What the scene says of one object: a segment or a name, and whether anybody still wants it. */
interface Told {
  readonly scene: string;
  readonly is: 'wanted' | 'leak';
  readonly shmid?: number;
  readonly name?: string;
  /** The least that must be said of a leak: what speaks for a return in spite of all makes it unheld. */
  readonly least?: 'orphaned' | 'abandoned' | 'unheld';
}

describe.skipIf(missing)(labTitle('a leak beside what is wanted', missing), () => {
  let lab: Lab;
  let now: Ls;
  let told: readonly Told[];

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const scene = lab.start(['python3', SCRIPT, String(NOBODY)]);
    let text = '';
    for await (const chunk of scene.stdout) {
      text += chunk;
      if (text.includes('\n')) break;
    }
    told = JSON.parse(text);
    now = await lab.ls(AT_ONCE);
  }, 60_000);
  afterAll(() => lab?.close());

  const objectOf = ({ shmid, name = '' }: Told): LsObject => {
    if (shmid === undefined) return namedIn(now, name);
    const found = now.objects.find(
      (object) => object.kind === 'sysv' && object.shmid === shmid && object.ipcNamespace === now.host.ipcNamespace,
    );
    if (!found) throw new Error(`no segment ${shmid}`);
    return found;
  };
  const shown = (one: Told) => `${one.scene}, ${one.is}: ${JSON.stringify(objectOf(one).verdict)}`;

  test('every scene has both', () => {
    const scenes = Map.groupBy(told, ({ scene }) => scene);
    expect(scenes.size).toBeGreaterThanOrEqual(14);
    for (const [scene, objects] of scenes) {
      expect(new Set(objects.map(({ is }) => is)), scene).toEqual(new Set(['wanted', 'leak']));
    }
  });

  test('what is wanted is never called abandoned', () => {
    for (const one of told.filter(({ is }) => is === 'wanted')) {
      expect(objectOf(one).verdict.state, shown(one)).not.toBe('abandoned');
    }
  });

  test('a leak is an orphan at least where nothing speaks for a return, and proven where a proof exists', () => {
    for (const one of told.filter(({ is }) => is === 'leak')) {
      const { least = 'orphaned' } = one;
      const states = {
        unheld: ['unheld', 'orphaned', 'abandoned'],
        orphaned: ['orphaned', 'abandoned'],
        abandoned: ['abandoned'],
      };
      expect(states[least], shown(one)).toContain(objectOf(one).verdict.state);
    }
  });

  test('what differs in the pairs is said: who is named, who listens, who runs', () => {
    const codesOf = (scene: string, is: Told['is']) =>
      told.filter((one) => one.scene === scene && one.is === is).flatMap((one) => evidenceCodes(objectOf(one)));
    expect(codesOf('socket', 'leak')).toContain('listener-none');
    expect(codesOf('socket', 'wanted')).toContain('listener-bound');
    expect(codesOf('daemon by its command line', 'wanted')).toContain('named-by');
    expect(codesOf('pid in an unknown name', 'leak')).toContain('digits-pid-dead');
    expect(codesOf('pid in an unknown name', 'wanted')).toContain('digits-pid-alive');
    expect(codesOf('user without a process', 'leak')).toContain('owner-absent');
    expect(codesOf('container beside host', 'wanted')).toContain('software-alive');
  });
});
