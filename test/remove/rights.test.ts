// What the kernel will refuse is foretold only where it is certain.
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/remove/model/plan.ts';
import { foretellRefusal, type RemovalRights } from '../../src/remove/model/rights.ts';
import { named, segment } from '../ui/sample-objects.ts';

const ANNA: RemovalRights = { uid: 1000, isIpcAdmin: false, isFileAdmin: false, isShmSticky: true };
const none = () => undefined;
const open = (perms: string) => named('dir', { type: 'directory', uid: 0, perms, rawName: '/dir' });
const inside = named('dir/x', { uid: 0 });

describe('that the kernel will refuse', () => {
  test.each([
    ['a segment of another user', segment(1, { uid: 0, cuid: 0 }), ANNA, true],
    ['one of whom we are the creator', segment(1, { uid: 0, cuid: 1000 }), ANNA, false],
    ['our own', segment(1, { uid: 1000 }), ANNA, false],
    ['for whoever has CAP_SYS_ADMIN', segment(1, { uid: 0, cuid: 0 }), { ...ANNA, isIpcAdmin: true }, false],
    ['in another namespace, which may be ours', segment(1, { uid: 0, cuid: 0, shortId: 'sysv:1@7' }), ANNA, false],
    ['a name of another user in a sticky /dev/shm', named('x', { uid: 0 }), ANNA, true],
    ['where /dev/shm has no sticky bit', named('x', { uid: 0 }), { ...ANNA, isShmSticky: false }, false],
    ['for whoever has CAP_FOWNER', named('x', { uid: 0 }), { ...ANNA, isFileAdmin: true }, false],
    ['our own name', named('x'), ANNA, false],
    ['in another mount namespace', named('x', { uid: 0, mountNamespace: '9' }), ANNA, false],
  ])('%s', (_, object, rights, isForetold) => {
    expect(foretellRefusal(object, rights, none)?.code).toBe(isForetold ? 'permission' : undefined);
  });

  test('a name in a folder: where nobody but its owner writes in it', () => {
    const code = (perms: string) => foretellRefusal(inside, ANNA, () => open(perms))?.code;
    expect(['755', '700', '775', '777'].map(code)).toEqual(['permission', 'permission', undefined, undefined]);
    expect(foretellRefusal(inside, ANNA, none)).toBeUndefined();
  });

  test('is a refusal of the plan, whatever was forced, and before what root on the host would know', () => {
    const foretell = (object: typeof inside) => foretellRefusal(object, ANNA, none);
    const unknown = named('x', { uid: 0, holders: [], verdict: { state: 'unknown', evidence: [] } });
    for (const force of [false, true]) {
      const [one] = plan([unknown], { force, isNamed: true, listedAtMs: 0, foretell });
      expect(one?.refusal).toMatchObject({ code: 'permission', advice: 'run as its owner or as root' });
      expect(one?.consent).toBeUndefined();
    }
  });
});
