// The completion for fish. Names of objects are anybody's: what a command prints is offered as it is, a line each, and quoted by fish.
import type { CommandSpec, OptionSpec } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import { type Candidates, valueCandidates, wordCandidates } from './candidates.ts';
import { PLACES } from './places.ts';

/** The script. */
export function fishCompletion(): string {
  const names = COMMANDS.map(({ name }) => name).join(' ');
  const lines = PLACES.flatMap((place) => {
    const when =
      place.name === ''
        ? `not __fish_seen_subcommand_from ${names} help`
        : `__fish_seen_subcommand_from ${place.name}; and not __fish_seen_subcommand_from help`;
    const begin = `complete -c shmtop -n ${quoted(when)}`;
    const offered = place.name === '' ? '' : offer(wordCandidates(place));
    return [
      ...(place.name === ''
        ? COMMANDS.map(({ name, summary }) => `${begin} -a ${name} -d ${quoted(summary)}`)
        : offered === ''
          ? []
          : [`${begin}${offered}`]),
      ...place.options.map((option) => `${begin}${optionWords(place, option)}`),
    ];
  });
  return `# fish completion for shmtop
${HELPERS}
complete -c shmtop -f
complete -c shmtop -n 'not __fish_seen_subcommand_from ${names} help' -a help
complete -c shmtop -n '__fish_seen_subcommand_from help' -a '${names}'
${lines.join('\n')}
`;
}

const HELPERS = `
function __shmtop_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '.*,')
    for word in $argv
        echo "$before$word"
    end
end
function __shmtop_live
    shmtop completion --list $argv[1] 2>/dev/null
end
`;

function optionWords(place: CommandSpec, option: OptionSpec): string {
  const { name, short, value, isValueOptional, help } = option;
  const letter = short === undefined ? '' : ` -s ${short}`;
  const needs = value === undefined || isValueOptional ? '' : ` -r${offer(valueCandidates(place, option))}`;
  return `${letter} -l ${name}${needs} -d ${quoted(help)}`;
}

function offer(candidates: Candidates): string {
  switch (candidates.kind) {
    case 'words':
      return ` -a ${quoted(candidates.words.join(' '))}`;
    case 'list':
      return ` -a ${quoted(`(__shmtop_list ${candidates.words.join(' ')})`)}`;
    case 'live':
      return ` -a ${quoted(`(__shmtop_live ${candidates.live})`)}`;
    case 'files':
      return ' -F';
    case 'folders':
      return ` -a ${quoted('(__fish_complete_directories)')}`;
    case 'nothing':
      return '';
  }
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
