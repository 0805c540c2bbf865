// Help: every key of the keymap that is bound, the signs, the columns and the FILTER words; searchable.

import { EVENT_FIELDS } from '../../filter/event-filter.ts';
import { OBJECT_FIELDS } from '../../filter/object-filter.ts';
import { EVENT_NAMES } from '../../probe/model/event/event.ts';
import { VERDICT_STATES } from '../../probe/model/object.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import { EVENT_MEANINGS } from '../format/event-text.ts';
import { gapLines } from '../format/gaps.ts';
import { safeLine } from '../format/safe-text.ts';
import { formatVerdict, VERDICT_MEANINGS } from '../format/verdict-text.ts';
import { wrapText } from '../format/wrap.ts';
import { type Binding, spellKey } from '../state/binding.ts';
import { boundKeys } from '../state/keymap.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { type State, shownData } from '../state/state.ts';
import { cutTo, fitTo, type Kit, kitOf, paintWith } from './pen.ts';

const GROUPS: readonly Binding['group'][] = ['Show', 'Look', 'Act', 'Move', 'Program'];
const KEY_WIDTH = 18;

interface Entry {
  readonly key: string;
  readonly text: string;
}

interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export function drawHelp(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen({ ...state, detail: undefined }).body;
  const { overlay } = state;
  const query = overlay?.kind === 'help' ? overlay.query : '';
  const lines = helpLines(kit, state, query, width);
  const top = Math.max(0, Math.min(overlay?.kind === 'help' ? overlay.top : 0, lines.length - height));
  const title = query === '' ? ' Help: / finds, Esc closes' : ` Help on "${query}": Esc shows all`;
  const more = lines.length - top - (height - 1);
  const shown = lines.slice(top, top + height - 1);
  if (more > 0) shown[shown.length - 1] = paintWith(kit, 'faint', ` ${kit.boxes.down} ${more + 1} more lines`);
  return [paintWith(kit, 'column-title', fitTo(kit, title, width)), ...shown];
}

function helpLines(kit: Kit, state: State, query: string, width: number): string[] {
  const wanted = query.toLowerCase();
  const found = sections(kit, state).flatMap(({ title, entries }) => {
    const passing = entries.filter(({ key, text }) => `${key} ${text}`.toLowerCase().includes(wanted));
    return passing.length > 0 ? [{ title, entries: passing }] : [];
  });
  if (found.length === 0) return ['', ' Nothing found.'];
  return found.flatMap(({ title, entries }) => [
    '',
    ` ${paintWith(kit, 'accent', title)}`,
    ...entries.flatMap((entry) => entryLines(kit, entry, width)),
  ]);
}

function entryLines(kit: Kit, { key, text }: Entry, width: number): string[] {
  const room = Math.max(12, width - KEY_WIDTH - 3);
  return wrapText(text, room).map(
    (line, at) => ` ${paintWith(kit, 'value', fitTo(kit, at === 0 ? key : '', KEY_WIDTH))} ${cutTo(kit, line, room)}`,
  );
}

function sections(kit: Kit, state: State): readonly Section[] {
  const bound = boundKeys(state.abilities);
  const spell = (keys: readonly string[]) => keys.map((key) => spellKey(key, state)).join(' ');
  const { head } = shownData(state);
  return [
    {
      title: 'What could not be seen here',
      entries: (head ? gapLines(head) : []).map((text, at) => ({ key: `gap ${at + 1}`, text })),
    },
    {
      title: 'What of the settings has no effect',
      entries: (state.configProblems ?? []).map((text, at) => ({ key: `setting ${at + 1}`, text: safeLine(text) })),
    },
    ...GROUPS.map((group) => ({
      title: group,
      entries: bound
        .filter((binding) => binding.group === group)
        .map(({ keys, does }) => ({ key: spell(keys), text: does })),
    })),
    {
      title: 'Verdicts',
      entries: VERDICT_STATES.map((verdict) => ({
        key: formatVerdict(verdict, kit.style),
        text: VERDICT_MEANINGS[verdict],
      })),
    },
    {
      title: 'Signs before a row',
      entries: [
        { key: kit.boxes.newMark, text: 'new' },
        { key: kit.boxes.changedMark, text: 'changed a moment ago' },
        { key: kit.boxes.goneMark, text: 'gone' },
        { key: kit.boxes.destMark, text: 'marked for destruction (dest): goes with its last user' },
        { key: kit.boxes.tag, text: 'tagged' },
      ],
    },
    {
      title: 'Events',
      entries: EVENT_NAMES.map((event) => ({ key: event, text: EVENT_MEANINGS[event] })),
    },
    {
      title: 'Where events come from',
      entries: (state.live?.sources ?? []).map(({ name, isActive, text, misses }) => ({
        key: name,
        text: isActive ? `${text}; not seen: ${misses ?? 'nothing'}` : `not used: ${text}`,
      })),
    },
    { title: 'Columns', entries: OBJECT_COLUMNS.map(({ title, meaning }) => ({ key: title, text: meaning })) },
    {
      title: 'Filter words (! negates)',
      entries: [...OBJECT_FIELDS, ...EVENT_FIELDS].map((field) => ({
        key: exampleOf(field.id, field.kind),
        text:
          field.kind === 'closed'
            ? `one of ${field.allowed.join(' ')}`
            : field.kind === 'number'
              ? `${field.quantity}; also > >= < <= !=`
              : 'text',
      })),
    },
  ];
}

const exampleOf = (id: string, kind: string) => (kind === 'number' ? `${id}>…` : `${id}=…`);
