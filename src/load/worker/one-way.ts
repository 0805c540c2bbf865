// Messages one way through a ring: which loop the two sides run, by what is promised and whether the buffer grows.
import { readGrowthSetup } from '../growing.ts';
import { CONTROL, RING } from '../model/ring.ts';
import { startNsOf, wordAt } from '../ring-view.ts';
import { slowed } from '../sync/slowed.ts';
import { consume } from './consumer.ts';
import { consumeGrowing } from './growing-consumer.ts';
import { produceGrowing } from './growing-producer.ts';
import { makePace } from './pace.ts';
import { borrow, lend } from './pool.ts';
import { produce } from './producer.ts';
import { watchRace } from './race.ts';
import type { Role } from './role.ts';

/** Producer: until it is told to stop. */
export function sendOneWay(role: Role): void {
  if (role.setup.api === 'pool') lend(role);
  else if (readGrowthSetup(role.view).mostBlocks > 0) produceGrowing(role);
  else produce(role);
}

/** Consumer: until there is nothing more; after the start, since its pace counts from then. */
export function takeOneWay(role: Role): void {
  const { libc, view, setup, sync } = role;
  const { mostBlocks, readerRate } = readGrowthSetup(view);
  const pace = readerRate > 0 ? makePace(libc, view, startNsOf(view), readerRate, setup.spinUs > 0) : undefined;
  // What is left when it is told to stop is read as fast as it can be.
  const isStopping = () => view.words[wordAt(RING.control)] === CONTROL.stop;
  const own = pace
    ? { ...role, sync: slowed(sync, (taken, most) => (isStopping() ? most : pace(taken, most)), setup.drain) }
    : role;
  if (setup.api === 'pool') borrow(own);
  else if (setup.sync === 'none') watchRace(own);
  else if (mostBlocks > 0) consumeGrowing(own);
  else consume(own);
}
