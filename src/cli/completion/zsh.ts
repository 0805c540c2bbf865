// The completion for zsh, to be laid down as _shmtop in a folder of $fpath. Names of objects are anybody's: compadd quotes them.
import { COMMANDS } from '../commands.ts';
import { type Candidates, valueCandidates, wordCandidates } from './candidates.ts';
import { offered } from './offered.ts';
import { PLACES, spellings, valuedOptions } from './places.ts';

/** The script. */
export function zshCompletion(): string {
  const values = PLACES.flatMap((place) =>
    valuedOptions(place).map(
      (option) =>
        `    ${spellings(option)
          .map((text) => `(${quoted(`${place.name} ${text}`)})`)
          .join('|')}) ${offer(valueCandidates(place, option))}; return ;;`,
    ),
  );
  const options = PLACES.map(({ name, options }) => {
    const rows = options.flatMap((option) => spellings(option).map((text) => described(text, option.help)));
    return `    (${quoted(name)}) rows=(${rows.join(' ')}) ;;`;
  });
  const words = PLACES.filter(({ name }) => name !== '').map(
    (place) => `    (${place.name}) ${offer(wordCandidates(place))} ;;`,
  );
  return `#compdef shmtop
${HELPERS}
_shmtop() {
  local command='' option=\${words[CURRENT-1]} word
  local -a rows
  for word in "\${(@)words[2,CURRENT-1]}"; do
    # Options may stand before the command, with values of their own.
    case "$word" in
      (${NAMES.join('|')}) command=$word; break ;;
    esac
  done
  if [[ $PREFIX == --*=* ]]; then option=\${PREFIX%%=*}; compset -P '*='; fi
  case "$command $option" in
${values.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
    _describe -o option rows
    return
  fi
  case "$command" in
    ('') rows=(${COMMANDS.map(({ name, summary }) => described(name, summary)).join(' ')}); _describe command rows ;;
    (help) _shmtop_words ${COMMANDS.map(({ name }) => name).join(' ')} ;;
${words.join('\n')}
  esac
}
_shmtop "$@"
`;
}

const NAMES = ['help', ...COMMANDS.map(({ name }) => name)];

const HELPERS = `
_shmtop_words() { compadd -- "$@" }
_shmtop_list() { compset -P '*,'; compadd -S '' -- "$@" }
_shmtop_live() {
  local -a found
  found=("\${(@f)$(shmtop completion --list $1 2>/dev/null)}")
  # A word that is not whole yet gets no blank behind it.
  compadd -S '' -- "\${(@M)found:#*[=<>]}"
  compadd -- "\${(@)found:#*[=<>]}"
}
`;

const offer = (candidates: Candidates): string => offered(candidates, { files: '_files', folders: '_files -/' });

/** For _describe: a colon ends the word. */
const described = (word: string, text: string) => quoted(`${word.replaceAll(':', '\\:')}:${text}`);
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
