// The completion for bash. Names of objects are anybody's: they are compared, quoted and inserted, and never evaluated, as compgen -W
// would.
import { COMMANDS } from '../commands.ts';
import { type Candidates, valueCandidates, wordCandidates } from './candidates.ts';
import { offered } from './offered.ts';
import { PLACES, spellings, valuedOptions } from './places.ts';

/** The script. */
export function bashCompletion(): string {
  const values = PLACES.flatMap((place) =>
    valuedOptions(place).map(
      (option) =>
        `    ${spellings(option)
          .map((text) => `'${place.name} ${text}'`)
          .join(' | ')}) ${offer(valueCandidates(place, option))}; return ;;`,
    ),
  );
  const options = PLACES.map(
    ({ name, options }) => `    '${name}') _shmtop_words ${options.flatMap(spellings).join(' ')} ;;`,
  );
  const words = PLACES.filter(({ name }) => name !== '').map(
    (place) => `    '${place.name}') ${offer(wordCandidates(place))} ;;`,
  );
  return `# bash completion for shmtop
${HELPERS}
_shmtop() {
  local IFS=$' \\t\\n' before=\${COMP_LINE:0:COMP_POINT} cur colon='' base='' command='' option='' word at
  local -a typed
  COMPREPLY=()
  cur=\${before##*[$' \\t\\n']}
  read -ra typed <<< "\${before%"$cur"}"
  for word in "\${typed[@]:1}"; do
    # Options may stand before the command, with values of their own.
    case $word in
      ${NAMES.join(' | ')}) command=$word; break ;;
    esac
  done
  # What readline takes for the word begins behind the last of these that is not quoted.
  for ((at = \${#cur} - 1; at >= 0; at--)); do
    [[ $COMP_WORDBREAKS == *"\${cur:at:1}"* && ( $at == 0 || \${cur:at-1:1} != '\\' ) ]] || continue
    # An @ stays in the word (rl_special_prefixes).
    [[ \${cur:at:1} == @ ]] || ((at++))
    colon=\${cur:0:at}
    break
  done
  option=\${typed[\${#typed[@]}-1]}
  if [[ $cur == --*=* ]]; then option=\${cur%%=*} base=$option=; fi
  case "$command $option" in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${options.join('\n')}
    esac
    return
  fi
  case $command in
    '') _shmtop_words ${COMMANDS.map(({ name }) => name).join(' ')} help ;;
    help) _shmtop_words ${COMMANDS.map(({ name }) => name).join(' ')} ;;
${words.join('\n')}
  esac
}
complete -F _shmtop shmtop
`;
}

const NAMES = ['help', ...COMMANDS.map(({ name }) => name)];

const HELPERS = `
_shmtop_offer() {
  local word quoted
  while IFS= read -r word; do
    printf -v quoted %q "$word"
    quoted=$base$quoted
    [[ $quoted == "$cur"* ]] && COMPREPLY+=("\${quoted#"$colon"}")
  done
  # A word that is not whole yet.
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[=\\>\\<] ]] && compopt -o nospace 2>/dev/null
  return 0
}
_shmtop_words() { _shmtop_offer < <(printf '%s\\n' "$@"); }
_shmtop_list() {
  local last=\${cur#"$base"}
  [[ $last == *,* ]] && base=$base\${last%,*},
  _shmtop_words "$@"
}
_shmtop_live() { _shmtop_offer < <(shmtop completion --list "$1" 2>/dev/null); }
_shmtop_files() {
  local found
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen "$1" -- "\${cur#"$base"}")
  compopt -o filenames 2>/dev/null
}
`;

const offer = (candidates: Candidates): string =>
  offered(candidates, { files: '_shmtop_files -f', folders: '_shmtop_files -d' });
