// What follows from a life: each rule beside the case that differs in one point.
import { describe, expect, it } from 'vitest';
import { EVIDENCE_CODES, evidenceText } from '../../../../src/probe/model/judge/evidence.ts';
import { WITNESS_SIDES } from '../../../../src/probe/model/judge/witness-words.ts';
import type { Actor, Life, Standing, Watch } from '../../../../src/probe/model/life/life.ts';
import type { Living, PlaceNow, Present } from '../../../../src/probe/model/life/present.ts';
import { weighLife } from '../../../../src/probe/model/life/weigh.ts';
import { actor, life, NOW_MS, watch } from '../../../witness/lives.ts';

const living = (pid: number, more: Partial<Living> = {}): Living => ({
  pid,
  comm: `comm${pid}`,
  leadsTerminal: false,
  cgroups: ['/'],
  ...more,
});

/** The machine now: only what is named lives. */
const present = (
  more: Partial<Present> & {
    readonly alive?: Readonly<Record<number, Living | 'unknown'>>;
    readonly sessions?: Readonly<Record<number, readonly Living[]>>;
    readonly place?: PlaceNow;
  } = {},
): Present => ({
  nowMs: NOW_MS,
  minAgeSec: 60,
  usedSec: Math.floor(NOW_MS / 1000) - 3600,
  seesAll: true,
  process: (pid) => more.alive?.[pid] ?? 'ended',
  session: (id) => more.sessions?.[id] ?? [],
  unit: () => more.place ?? 'gone',
  container: () => more.place ?? 'gone',
  ...more,
});

const weigh = (
  given: { readonly life?: Partial<Life>; readonly watch?: Partial<Watch>; readonly present?: Present } = {},
) => weighLife(life(1, given.life), watch(given.watch), given.present ?? present());

const ofActors = (...actors: readonly Actor[]): Partial<Life> => ({ actors });
const TRAIN = '/system.slice/train.service';
const CONTAINER = { id: '0123456789ab', runtime: 'docker' };
const exit = (exitCode?: number) => ({ atMs: NOW_MS - 600_000, ...(exitCode === undefined ? {} : { exitCode }) });
const signal = (number: number) => ({ atMs: NOW_MS - 600_000, signal: number });

/** Two who had it open before changed its size by turns; so many of the latest deeds come after the end of its maker. */
const busy = (after: number): Partial<Life> => ({
  actors: [actor(100), actor(101), actor(102)],
  deeds: Array.from({ length: 32 }, (_, at) => ({
    atMs: NOW_MS - (at >= 32 - after ? 590_000 : 700_000),
    what: 'resized' as const,
    by: 1 + (at % 2),
  })),
  deedsLeftOut: 5,
});

type Case = readonly [string, Standing, Parameters<typeof weigh>[0], string];

const CASES: readonly Case[] = [
  ['killed, seen from birth on, nobody of its kin left', 'proven', {}, 'killed'],
  ['its maker ended in order', 'ended', { life: ofActors(actor(100, { ended: exit(0) })) }, 'left-on-purpose'],
  ['its maker exited with an error', 'ended', { life: ofActors(actor(100, { ended: exit(1) })) }, 'maker-failed'],
  [
    'killed for want of memory',
    'proven',
    { life: ofActors(actor(100, { ended: { ...exit(), isOom: true } })) },
    'killed',
  ],
  ['how its maker ended was not told', 'ended', { life: ofActors(actor(100, { ended: exit() })) }, 'ending-unknown'],
  [
    '… but its unit is gone for good',
    'proven',
    { life: ofActors(actor(100, { ended: exit(), unit: TRAIN })) },
    'unit-gone',
  ],
  [
    'that its maker ended was not told',
    'ended',
    { life: ofActors(actor(100, { ended: undefined })) },
    'ending-unknown',
  ],
  [
    'its maker lives',
    'awaited',
    { life: ofActors(actor(100, { ended: undefined })), present: present({ alive: { 100: living(100) } }) },
    'user-lives',
  ],
  [
    'its maker lives, though an end was told (a thread’s, say)',
    'awaited',
    { present: present({ alive: { 100: living(100) } }) },
    'user-lives',
  ],
  [
    'a user lives, in whatever gap he came',
    'awaited',
    {
      life: { ...ofActors(actor(100), actor(101, { ended: undefined })), unseenMs: NOW_MS },
      present: present({ alive: { 101: living(101) } }),
    },
    'user-lives',
  ],
  [
    'a user may live that /proc does not show',
    'awaited',
    { life: ofActors(actor(100), actor(101, { ended: undefined })), present: present({ alive: { 101: 'unknown' } }) },
    'user-lives',
  ],
  [
    'users beside its maker have ended, in order too',
    'proven',
    { life: ofActors(actor(100), actor(101, { ended: exit(0) })) },
    'users-ended',
  ],
  [
    'somebody used it after its maker had ended',
    'ended',
    {
      life: {
        ...ofActors(actor(100), actor(101, { ended: exit(0) })),
        deeds: [
          { atMs: NOW_MS - 3_600_000, what: 'made', by: 0 },
          { atMs: NOW_MS - 599_000, what: 'opened', by: 1 },
        ],
      },
    },
    'used-after-maker',
  ],
  [
    'it ended just now',
    'ended',
    { life: ofActors(actor(100, { ended: { atMs: NOW_MS - 5000, signal: 9 } })) },
    'ended-lately',
  ],

  // relatives
  [
    'its parent lives',
    'awaited',
    { life: ofActors(actor(100, { parent: { pid: 77 } })), present: present({ alive: { 77: living(77) } }) },
    'relative-lives',
  ],
  ['its parent is gone too', 'proven', { life: ofActors(actor(100, { parent: { pid: 77 } })) }, 'killed'],
  [
    'its parent may live that /proc does not show',
    'awaited',
    { life: ofActors(actor(100, { parent: { pid: 77 } })), present: present({ alive: { 77: 'unknown' } }) },
    'relative-lives',
  ],
  [
    'who its parent was is not known',
    'ended',
    { life: ofActors(actor(100, { parent: undefined })) },
    'relatives-unknown',
  ],
  ['its session is not known', 'ended', { life: ofActors(actor(100, { session: undefined })) }, 'relatives-unknown'],
  ['there are processes out of sight', 'ended', { present: present({ seesAll: false }) }, 'outside-invisible'],
  [
    'its parent is the shell of a terminal',
    'ended',
    {
      life: ofActors(actor(100, { parent: { pid: 77 } })),
      present: present({ alive: { 77: living(77, { leadsTerminal: true }) } }),
    },
    'shell-lives',
  ],
  [
    'somebody of its session lives',
    'awaited',
    { present: present({ sessions: { 100: [living(88)] } }) },
    'relative-lives',
  ],
  [
    'it never left the session of the first process, in which somebody else lives',
    'ended',
    {
      life: ofActors(actor(100, { session: 0 })),
      present: present({ sessions: { 0: [living(1), living(88)] } }),
    },
    'relative-lives',
  ],
  [
    'it never left the session of the first process, which is alone there',
    'proven',
    { life: ofActors(actor(100, { session: 1 })), present: present({ sessions: { 1: [living(1)] } }) },
    'watched-since',
  ],
  [
    'only the shell of its session lives',
    'ended',
    { present: present({ sessions: { 100: [living(88, { leadsTerminal: true })] } }) },
    'shell-lives',
  ],
  [
    'the parent of a user lives',
    'awaited',
    {
      life: ofActors(actor(100), actor(101, { parent: { pid: 77 } })),
      present: present({ alive: { 77: living(77) } }),
    },
    'relative-lives',
  ],
  [
    'who stands above its parent lives, in another session',
    'ended',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, ancestors: [{ pid: 66, startTicks: 6 }] })),
      present: present({ alive: { 66: living(66) } }),
    },
    'ancestor-lives',
  ],
  [
    'who stood above its parent is gone',
    'proven',
    { life: ofActors(actor(100, { parent: { pid: 77 }, ancestors: [{ pid: 66, startTicks: 6 }] })) },
    'killed',
  ],
  [
    'above its parent is the shell of a terminal',
    'ended',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, ancestors: [{ pid: 66 }] })),
      present: present({ alive: { 66: living(66, { leadsTerminal: true }) } }),
    },
    'shell-lives',
  ],
  [
    'above its parent may live whom /proc does not show',
    'ended',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, ancestors: [{ pid: 66 }] })),
      present: present({ alive: { 66: 'unknown' } }),
    },
    'ancestor-lives',
  ],
  [
    'above its parent is who runs its container from outside',
    'ended',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, ancestors: [{ pid: 66 }], container: CONTAINER })),
      present: present({ alive: { 66: living(66) }, place: 'resting' }),
    },
    'unit-rests',
  ],
  [
    'its parent manages its unit',
    'proven',
    {
      life: ofActors(
        actor(100, { parent: { pid: 77 }, unit: '/user.slice/user-1.slice/user@1.service/app.slice/x.service' }),
      ),
      present: present({
        alive: { 77: living(77, { cgroups: ['/user.slice/user-1.slice/user@1.service/init.scope'] }) },
      }),
    },
    'unit-gone',
  ],
  [
    'its parent runs its container from outside',
    'proven',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, container: CONTAINER })),
      present: present({ alive: { 77: living(77, { cgroups: ['/system.slice/containerd.service'] }) } }),
    },
    'unit-gone',
  ],
  [
    'its parent is in its container',
    'awaited',
    {
      life: ofActors(actor(100, { parent: { pid: 77 }, container: CONTAINER })),
      present: present({ alive: { 77: living(77, { cgroups: [`/docker/${CONTAINER.id}`] }) } }),
    },
    'relative-lives',
  ],

  // units and containers
  [
    'its unit runs',
    'awaited',
    { life: ofActors(actor(100, { unit: TRAIN })), present: present({ place: living(9) }) },
    'unit-lives',
  ],
  ['its unit is gone', 'proven', { life: ofActors(actor(100, { unit: TRAIN })) }, 'unit-gone'],
  [
    'something may start its unit again',
    'ended',
    { life: ofActors(actor(100, { unit: TRAIN })), present: present({ place: 'resting' }) },
    'unit-rests',
  ],
  [
    'only a person may start its unit again',
    'proven',
    { life: ofActors(actor(100, { unit: TRAIN })), present: present({ place: 'stopped' }) },
    'unit-stopped',
  ],
  [
    '… and it was asked to end, as a service is stopped',
    'ended',
    { life: ofActors(actor(100, { unit: TRAIN, ended: signal(15) })), present: present({ place: 'stopped' }) },
    'left-on-purpose',
  ],
  [
    'it was asked to end, and its unit is gone',
    'proven',
    { life: ofActors(actor(100, { unit: TRAIN, ended: signal(15) })) },
    'killed',
  ],
  [
    'its unit cannot be asked',
    'ended',
    { life: ofActors(actor(100, { unit: TRAIN })), present: present({ place: 'unknown' }) },
    'unit-rests',
  ],
  [
    'its container runs',
    'awaited',
    { life: ofActors(actor(100, { container: CONTAINER })), present: present({ place: living(9) }) },
    'unit-lives',
  ],
  [
    'its container is stopped, but there',
    'ended',
    { life: ofActors(actor(100, { container: CONTAINER })), present: present({ place: 'resting' }) },
    'unit-rests',
  ],
  ['its container is gone', 'proven', { life: ofActors(actor(100, { container: CONTAINER })) }, 'unit-gone'],
  [
    'its login session lives',
    'ended',
    {
      life: ofActors(actor(100, { unit: '/user.slice/user-1.slice/session-3.scope' })),
      present: present({ place: living(9) }),
    },
    'shell-lives',
  ],
  [
    'its login session is gone',
    'proven',
    { life: ofActors(actor(100, { unit: '/user.slice/user-1.slice/session-3.scope' })) },
    'killed',
  ],
  [
    'all is in one control group, which tells nothing',
    'proven',
    { life: ofActors(actor(100, { unit: '/' })), present: present({ place: living(9) }) },
    'killed',
  ],

  // gaps
  ['made before the witness', 'partial', { life: { bornMs: undefined } }, 'witness-gap'],
  ['made before the sources ran', 'partial', { watch: { sinceMs: NOW_MS - 1000 } }, 'witness-gap'],
  ['its maker was not told', 'partial', { life: { isMakerKnown: false } }, 'witness-gap'],
  ['no witness runs any more', 'partial', { watch: { isRunning: false } }, 'witness-gap'],
  ['the witness was silent for 11 seconds', 'partial', { watch: { seenMs: NOW_MS - 11_000 } }, 'witness-gap'],
  ['… for 9 seconds', 'proven', { watch: { seenMs: NOW_MS - 9000 } }, 'killed'],
  [
    'the witness speaks from the future: the clock was set',
    'partial',
    { watch: { seenMs: NOW_MS + 60_000 } },
    'witness-gap',
  ],
  ['users may have come unseen (polling alone)', 'partial', { life: { unseenMs: NOW_MS - 1 } }, 'witness-gap'],
  [
    'a gap since its birth',
    'partial',
    { watch: { gaps: [{ fromMs: NOW_MS - 9000, untilMs: NOW_MS - 8000, why: 'overflow' }] } },
    'witness-gap',
  ],
  [
    'a gap that lasts',
    'partial',
    { watch: { gaps: [{ fromMs: NOW_MS - 7_000_000, why: 'no fanotify' }] } },
    'witness-gap',
  ],
  [
    'a gap that ended before its birth',
    'proven',
    { watch: { gaps: [{ fromMs: NOW_MS - 7_000_000, untilMs: NOW_MS - 6_000_000, why: 'overflow' }] } },
    'killed',
  ],
  [
    'the clock was set back over its birth',
    'partial',
    { watch: { gaps: [{ fromMs: NOW_MS - 1000, untilMs: NOW_MS - 6_000_000, why: 'clock' }] } },
    'witness-gap',
  ],
  [
    'more was done after its maker than is kept: who came first is not told',
    'partial',
    { life: busy(24) },
    'witness-gap',
  ],
  ['more was done than is kept, but not after its maker', 'proven', { life: busy(1) }, 'killed'],
  ['more users than are kept', 'partial', { life: { actorsLeftOut: 1 } }, 'witness-gap'],
  [
    'who opened it was not told',
    'partial',
    { life: { deeds: [{ atMs: NOW_MS - 3_600_000, what: 'opened' }] } },
    'witness-gap',
  ],
  [
    'that it grew was told of nobody',
    'proven',
    { life: { deeds: [{ atMs: NOW_MS - 3_600_000, what: 'resized' }] } },
    'killed',
  ],
  ['it was seen to go', 'partial', { life: { goneMs: NOW_MS - 1 } }, 'witness-gap'],
  [
    'its own times are later than all that was seen',
    'partial',
    { present: present({ usedSec: Math.floor(NOW_MS / 1000) - 300 }) },
    'witness-gap',
  ],
  [
    '… as late as the end of its last user',
    'proven',
    { present: present({ usedSec: Math.floor(NOW_MS / 1000) - 599 }) },
    'killed',
  ],
  ['its own times are not known', 'partial', { present: present({ usedSec: undefined }) }, 'witness-gap'],
  ['lpid is of somebody not seen', 'partial', { present: present({ lastUserPid: 4711 }) }, 'witness-gap'],
  ['lpid is of another pid namespace', 'partial', { present: present({ lastUserPid: 0 }) }, 'witness-gap'],
  ['lpid is its maker', 'proven', { present: present({ lastUserPid: 100 }) }, 'killed'],
];

describe('a life', () => {
  it.each(CASES)('%s: %s', (_, standing, given, code) => {
    const weighed = weigh(given);
    expect(weighed.evidence.map((each) => each.code)).toContain(code);
    expect(weighed.standing).toBe(standing);
  });

  it('that is proven has nothing against it, and one that is not names what is missing', () => {
    for (const [title, standing, given] of CASES) {
      const against = weigh(given).evidence.filter(({ code }) => sideOf(code) === 'against');
      if (standing === 'proven') expect(against, title).toEqual([]);
      if (standing === 'ended' || standing === 'awaited') expect(against.length, title).toBeGreaterThan(0);
    }
  });

  it('is told in words', () => {
    const told = weigh({ life: ofActors(actor(1234, { unit: TRAIN }), actor(9, { ended: exit(0) })) }).evidence.map(
      evidenceText,
    );
    expect(told[0]).toMatch(/^made by python3\[1234\] of train\.service, killed \(SIGKILL\) (\S+ )?\d\d:\d\d$/);
    expect(told[1]).toBe('opened by 1 other process, all ended');
  });

  it('shows names that others chose only escaped', () => {
    const unit = '/system.slice/a\x1b[31m\xffb.service';
    const told = weigh({ life: ofActors(actor(1, { comm: 'x\x1b]0;', unit })) }).evidence.map(evidenceText);
    expect(told.join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(told[0]).toContain('\\x1b');
  });
});

const sideOf = (code: string) =>
  code === 'outside-invisible' ? 'against' : Object.entries(WITNESS_SIDES).find(([name]) => name === code)?.[1];

it('every code of a witness is one of evidence', () => {
  expect(EVIDENCE_CODES).toEqual(expect.arrayContaining(Object.keys(WITNESS_SIDES)));
});
