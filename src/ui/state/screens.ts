// THE table of screens: everything in which one screen differs from another, but what it draws (../draw/screens.ts).

import { shownIdOf } from '../format/event-columns.ts';
import { type Abilities, isAble } from './binding.ts';
import { ceilingFinder, ceilingIds, reduceCeilingKeys, selectCeilings } from './ceilings.ts';
import { eventFinder, eventRowIds, objectOfEntry, selectedEntry } from './event-rows.ts';
import { LOAD_FIELD_IDS, loadKeyHints, reduceLoadKeys } from './load-keys.ts';
import { fieldAt } from './load-layout.ts';
import { groupChip, objectAt, objectFinder, objectPosition, objectRowIds } from './object-screen.ts';
import { ownedObjects, ownerChip, ownerFinder, ownerPosition, ownerRowIds, reduceOwnerKeys } from './owner-screen.ts';
import { processFinder, processPosition, processRowIds, selectProcessRows } from './process-rows.ts';
import { reduceEventKeys } from './reduce-events.ts';
import { reduceTreeKeys } from './reduce-tree.ts';
import type { Screen } from './screen.ts';
import type { ScreenId } from './screen-id.ts';
import { EVENT_TABLE, OBJECT_TABLE, OWNER_TABLE, PROCESS_TABLE } from './tables.ts';

const SCREENS = {
  objects: {
    id: 'objects',
    number: 1,
    title: 'Objects',
    does: 'objects',
    titleLines: 1,
    rowLines: 1,
    table: OBJECT_TABLE,
    hasDetail: true,
    rowIds: objectRowIds,
    finder: objectFinder,
    keys: reduceTreeKeys,
    keyHints: () => [['Enter', 'Details']],
    position: objectPosition,
    chip: groupChip,
    object: objectAt,
    copies: (state, at) => objectAt(state, at)?.shortId,
  },
  processes: {
    id: 'processes',
    number: 2,
    title: 'Processes',
    does: 'processes: who holds what',
    titleLines: 1,
    rowLines: 1,
    table: PROCESS_TABLE,
    hasDetail: true,
    rowIds: processRowIds,
    finder: processFinder,
    words: 'processes',
    keyHints: () => [['Enter', 'Details']],
    position: processPosition,
    process: (state, at) => selectProcessRows(state)[at],
    copies: (state, at) => selectProcessRows(state)[at]?.process.pid.toString(),
  },
  events: {
    id: 'events',
    number: 3,
    title: 'Events',
    does: 'events: who attaches, detaches, makes and removes what, as it happens',
    titleLines: 2,
    rowLines: 1,
    table: EVENT_TABLE,
    hasDetail: true,
    rowIds: eventRowIds,
    finder: eventFinder,
    words: 'events',
    keys: reduceEventKeys,
    keyHints: () => [['Enter', 'Object']],
    about: objectOfEntry,
    copies: (state) => {
      const entry = selectedEntry(state);
      return entry && shownIdOf(entry);
    },
    asks: 'events',
  },
  throughput: {
    id: 'throughput',
    number: 4,
    title: 'Throughput',
    does: 'throughput: how fast it is here',
    needs: 'load',
    titleLines: 1,
    rowLines: 1,
    metersFrom: 40,
    rowIds: () => LOAD_FIELD_IDS,
    rowAt: fieldAt,
    keys: reduceLoadKeys,
    keyHints: loadKeyHints,
    asks: 'load',
  },
  where: {
    id: 'where',
    number: 5,
    title: 'Where',
    does: 'where: who has how much memory, by owner, user, software, container, namespace, mount, pod, unit, job, process',
    titleLines: 1,
    rowLines: 1,
    table: OWNER_TABLE,
    rowIds: ownerRowIds,
    finder: ownerFinder,
    keys: reduceOwnerKeys,
    keyHints: () => [
      ['Enter', 'Objects'],
      ['Space', 'Tag'],
      ['w', 'Limit'],
    ],
    position: ownerPosition,
    chip: ownerChip,
    members: ownedObjects,
    asks: 'account',
  },
  ceilings: {
    id: 'ceilings',
    number: 6,
    title: 'Ceilings',
    does: 'ceilings: how near each limit is, who fills it, and what helps',
    titleLines: 1,
    rowLines: 2,
    hasDetail: true,
    rowIds: ceilingIds,
    finder: ceilingFinder,
    keys: reduceCeilingKeys,
    keyHints: () => [
      ['Enter', 'Remedy'],
      ['w', 'Who'],
    ],
    detailHints: [
      ['w', 'Who'],
      ['y', 'Copy'],
    ],
    copies: (state, at) => selectCeilings(state)[at]?.remedy,
    copiesLine: true,
    asks: 'account',
  },
} as const satisfies { readonly [Id in ScreenId]: Screen & { readonly id: Id } };

/** All that the program knows, in the order of their tabs. */
export const ALL_SCREENS: readonly Screen[] = Object.values(SCREENS);

/** The screens that this run has. */
export const screensOf = (abilities: Abilities): readonly Screen[] =>
  ALL_SCREENS.filter(({ needs }) => needs === undefined || isAble(abilities, needs));

/** The screens that have something. */
export const screensWhere = (has: (screen: Screen) => boolean): readonly ScreenId[] =>
  ALL_SCREENS.filter(has).map(({ id }) => id);

export const screenOf = (id: ScreenId): Screen => SCREENS[id];
