// The title line: tabs, what must be said, and what there is room for besides; for drawing and for clicks.
import { itemAt } from '../../probe/model/item-at.ts';
import { formatDuration } from '../format/duration.ts';
import { clockTime } from '../format/event-text.ts';
import { glyphsFor } from '../format/glyphs.ts';
import { formatByteRate } from '../format/load-numbers.ts';
import { safeText } from '../format/safe-text.ts';
import { displayWidth } from '../format/width.ts';
import { isAtEnd } from './replay.ts';
import type { ScreenId } from './screen-id.ts';
import { screensOf } from './screens.ts';
import { type State, shownData } from './state.ts';

export interface Tab {
  readonly id: ScreenId;
  readonly x: number;
  readonly text: string;
}

export interface TitleLine {
  readonly tabs: readonly Tab[];
  /** What nobody may overlook: a load, a pause, old data, a replay. */
  readonly chips: readonly string[];
  /** Host, kernel, interval: as many as fit. */
  readonly facts: readonly string[];
}

/** The program's name and the blanks around it. */
export const NAME = ' shmtop ';

export function titleLine(state: State): TitleLine {
  const chips = chipsOf(state);
  const room = state.columns - NAME.length - widthOf(chips);
  const tabs = tabsWithin(state, room);
  const last = tabs.at(-1);
  const left = last ? room - (last.x + last.text.length - NAME.length) : room;
  return { tabs, chips, facts: factsWithin(state, left) };
}

export function tabAt(state: State, x: number): ScreenId | undefined {
  return titleLine(state).tabs.find((tab) => x >= tab.x && x < tab.x + tab.text.length)?.id;
}

/** With all names, or the name of the screen that is shown, or with none. */
function tabsWithin(state: State, room: number): readonly Tab[] {
  const texts = (isNamed: (id: ScreenId) => boolean) =>
    screensOf(state.abilities).map(({ id, number, title }) => (isNamed(id) ? ` ${number} ${title} ` : ` ${number} `));
  const choices = [texts(() => true), texts((id) => id === state.screen)];
  const chosen = choices.find((each) => widthOf(each) <= room) ?? texts(() => false);
  let x = NAME.length;
  return screensOf(state.abilities).map(({ id }, at) => {
    const tab = { id, x, text: itemAt(chosen, at) };
    x += tab.text.length;
    return tab;
  });
}

function chipsOf(state: State): readonly string[] {
  const { pause } = glyphsFor(state);
  const chips: string[] = [];
  const load = loadChip(state);
  if (load !== undefined) chips.push(load);
  if (state.paused) chips.push(` ${pause} paused `);
  if (state.staleSec !== undefined) chips.push(` ${formatDuration(state.staleSec)} old `);
  if (state.replay) chips.push(replayChip(state));
  return chips;
}

/** While a load runs every screen says so: it is what makes the machine busy. */
function loadChip({ load: { phase, meter } }: State): string | undefined {
  if (phase === 'idle') return undefined;
  return meter?.phase === 'running' && meter.now ? ` load ${formatByteRate(meter.now.bytesPerSecond)} ` : ' load ';
}

/** What is seen is not now: said on every screen, however narrow. */
function replayChip({ replay, columns, unicode }: State): string {
  if (!replay) return '';
  const time = (atMs: number) => clockTime(atMs).slice(0, 8);
  const state = replay.isPaused ? `${glyphsFor({ unicode }).pause} ` : isAtEnd(replay) ? 'end, ' : '';
  const speed = replay.speed === 1 ? '' : ` ${replay.speed}x`;
  const end = columns >= 80 ? ` of ${time(replay.endMs)}` : '';
  return ` ${columns >= 56 ? 'replay ' : ''}${state}${time(replay.atMs)}${end}${speed} `;
}

function factsWithin(state: State, room: number): readonly string[] {
  const { head } = shownData(state);
  const { dot } = glyphsFor(state);
  const host = head && `${safeText(head.host.user)}@${safeText(head.host.hostname)}`;
  // In the order in which they stand; the rank says who goes last when there is no room.
  const facts = [
    { rank: 0, text: state.abilities.isReadOnly ? 'read-only' : undefined },
    { rank: 2, text: host },
    { rank: 3, text: head && `Linux ${safeText(head.host.kernel)}` },
    { rank: 1, text: state.replay ? undefined : `every ${state.settings.intervalMs / 1000} s` },
  ].flatMap(({ rank, text }) => (text === undefined ? [] : [{ rank, text }]));
  let kept = facts;
  const written = () => kept.map(({ text }, at) => ` ${at === 0 ? '' : `${dot} `}${text}`);
  while (kept.length > 0 && widthOf(written()) > room) {
    const worst = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== worst);
  }
  if (kept.length === 0) return [];
  return widthOf(written()) < room ? [...written(), ' '] : written();
}

const widthOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + displayWidth(text), 0);
