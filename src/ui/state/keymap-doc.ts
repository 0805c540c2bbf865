// The keys as a Markdown table, for README and the man page: printed from the keymap, never written by hand.
import { type Abilities, type Binding, spellKey } from './binding.ts';
import { boundKeys } from './keymap.ts';

const GROUPS: readonly Binding['group'][] = ['Show', 'Look', 'Act', 'Move', 'Program'];

export function keysMarkdown(abilities: Abilities): string {
  const bound = boundKeys(abilities).filter(({ modes }) => modes.includes('table'));
  const rows = GROUPS.flatMap((group) => bound.filter((binding) => binding.group === group)).map(
    ({ keys, does }) => `| ${keys.map((key) => `\`${spellKey(key)}\``).join(' ')} | ${does} |`,
  );
  return ['| key | does |', '|---|---|', ...rows].join('\n');
}
