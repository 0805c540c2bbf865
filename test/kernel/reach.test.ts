// Who can come back to a name: only a process that can reach it. A Python of a container is none for the host's leaks, unless it
// has a way there, whatever that is.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { evidenceCodes, type Ls, namedIn } from '../support/lab-json.ts';

const SCRIPT = fileURLToPath(new URL('pairs/reach.py', import.meta.url));
const missing = labMissing() ?? containerReason();

/** By case: the name of a leak of Python, whose owner has another Python alive in a container that has this way to it. */
type Told = Readonly<Record<string, string>>;

describe.skipIf(missing)(labTitle('a leak of Python, whose owner runs another one', missing), () => {
  let lab: Lab;
  let now: Ls;
  let told: Told;

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const scene = lab.start(['python3', SCRIPT, '64990']);
    let text = '';
    for await (const chunk of scene.stdout) {
      text += chunk;
      if (text.includes('\n')) break;
    }
    told = JSON.parse(text);
    now = await lab.ls(['--min-age', '0']);
  }, 60_000);
  afterAll(() => lab?.close());

  const verdictOf = (way: string) => {
    const object = namedIn(now, told[way] ?? '');
    return { state: object.verdict.state, codes: evidenceCodes(object), shown: JSON.stringify(object.verdict) };
  };

  test.each(['no way', 'a root without it'])('with %s to it is abandoned', (way) => {
    const { state, shown } = verdictOf(way);
    expect(state, shown).toBe('abandoned');
  });

  test.each([
    'the same mounts',
    'a mount at another place',
    'its working directory in it',
    'a descriptor of it',
    'a descriptor of the namespace',
    'a thread that sees it',
  ])('with %s is unheld', (way) => {
    const { state, codes, shown } = verdictOf(way);
    expect(state, shown).toBe('unheld');
    expect(codes, shown).toContain('software-alive');
  });

  test('that has not loaded what makes such objects is an orphan', () => {
    const { state, codes, shown } = verdictOf('nothing loaded');
    expect(state, shown).toBe('orphaned');
    expect(codes, shown).toContain('software-not-loaded');
  });
});
