// What is known of a name that nobody holds, sorted: what proves that nobody will come back, what forbids to say so, what leaves
// a doubt, and what only suggests.

import type { Evidence } from './evidence.ts';
import { isGone } from './maker.ts';
import { cluesAgainst, cluesToWeigh } from './name-clues.ts';
import type { DirectoryContent, NameCase, SoftwareState, StoodIn, VerdictContext } from './verdict-case.ts';
import { softwareVeto, youth } from './verdict-veto.ts';

export interface Weighed {
  /** Any of them: somebody may come back for it (`unheld`). */
  readonly vetoes: readonly Evidence[];
  /** One of them will do for `abandoned`, where nothing stands against it. */
  readonly proofs: readonly Evidence[];
  /** With one of them no rule proves anything: `orphaned` at most. */
  readonly doubts: readonly Evidence[];
  /** Shown, for and against. */
  readonly clues: readonly Evidence[];
  /** A witness proves it; what other instances of its software do is nothing to it then. */
  readonly isWitnessed: boolean;
}

export function weighName(object: NameCase, context: VerdictContext): Weighed {
  const { witnessed, clues } = object;
  const rule = ruleOf(object);
  const directory = object.type === 'directory' ? directoryEvidence(object, rule.proofs.length > 0) : NOTHING;
  const young = youth(object, context, object.software);
  const alive = clues ? [...rule.alive, ...cluesAgainst(clues)] : rule.alive;
  // Whoever saw all of its users knows more than what others of their kind, or of its kind, suggest.
  const isFollowed = witnessed?.standing === 'proven' || witnessed?.standing === 'ended';
  const vetoes = [...rule.vetoes, ...directory.vetoes];
  for (const one of alive) if (!isFollowed || !OF_OTHERS.has(one.code)) vetoes.push(one);
  if (young) vetoes.push(young);
  return {
    vetoes,
    proofs: object.listener === 'none' ? [{ code: 'listener-none' }, ...rule.proofs] : rule.proofs,
    doubts: directory.doubts.length > 0 ? [...rule.doubts, ...directory.doubts] : rule.doubts,
    clues: [...rule.facts, ...directory.facts, ...(clues ? cluesToWeigh(clues) : [])],
    isWitnessed: witnessed?.standing === 'proven',
  };
}

/** Would it be abandoned, were it known that nobody holds it? */
export const isLeftover = ({ vetoes, proofs, doubts, isWitnessed }: Weighed): boolean =>
  vetoes.length === 0 && (isWitnessed || (proofs.length > 0 && doubts.length === 0));

const NOTHING = { vetoes: [], doubts: [], facts: [] } as const;
const OF_OTHERS: ReadonlySet<Evidence['code']> = new Set(['software-alive', 'family-alive']);

interface RuleFindings {
  readonly vetoes: readonly Evidence[];
  /** Of its software, or of the process that it is named after. */
  readonly alive: readonly Evidence[];
  readonly proofs: readonly Evidence[];
  readonly doubts: readonly Evidence[];
  readonly facts: readonly Evidence[];
}

/** What the software table says of it, as things stand. */
function ruleOf(object: NameCase): RuleFindings {
  const { software, softwareState, seesAllProcesses } = object;
  const veto = softwareVeto(software);
  const vetoes: Evidence[] = veto ? [veto] : keptEvidence(object);
  const isHidden = !seesAllProcesses || softwareState?.seesAllProcesses === false;
  // To a socket that nobody is bound to nobody can come back, whoever cannot be seen.
  if (isHidden && object.listener !== 'none') vetoes.push({ code: 'outside-invisible' });
  const none: readonly Evidence[] = [];
  const unknown: Evidence = { code: 'maker-unknown' };
  if (veto) return { vetoes, alive: none, proofs: none, doubts: none, facts: none };
  if (!software || !softwareState) {
    return { vetoes, alive: none, proofs: none, doubts: none, facts: vetoes.length > 0 ? none : [unknown] };
  }
  const { name } = software.row;
  const { namePid, bystander } = softwareState;
  const dead: Evidence[] = namePid && isGone(namePid) ? [{ code: 'name-pid-dead', pid: namePid.pid }] : [];
  const alive = aliveEvidence(object);
  // Of what lives, may have been told of it, or is out of sight, the rule says nothing.
  const proof = alive.length > 0 || bystander || isHidden ? undefined : proofOf(object, dead);
  return {
    vetoes,
    alive,
    proofs: proof ? [...dead, ...proof] : none,
    doubts: bystander ? [bystanderEvidence(name, bystander)] : none,
    facts: proof ? none : alive.length > 0 || vetoes.length > 0 ? dead : [...dead, unknown],
  };
}

const bystanderEvidence = (
  software: string,
  { pid, comm, because }: NonNullable<SoftwareState['bystander']>,
): Evidence => ({
  code: because === 'later' ? 'software-began-later' : 'software-not-loaded',
  software,
  pid,
  comm,
});

function aliveEvidence({ software, softwareState }: NameCase): Evidence[] {
  const alive: Evidence[] = [];
  if (!software || !softwareState) return alive;
  const { name, leftover, isInterface } = software.row;
  const { namePid, running, isInstanceAlive } = softwareState;
  // Of what is named after its only user, as of what any program may make, another object says nothing.
  const isAlone = isInterface === true || (leftover.when === 'name-pid-dead' && leftover.isOfOneProcess === true);
  if (running) alive.push({ code: 'software-alive', software: name, pid: running.pid, comm: running.comm });
  else if (isInstanceAlive && !isAlone) alive.push({ code: 'software-alive', software: name });
  if (namePid && !isGone(namePid)) alive.push({ code: 'name-pid-alive', pid: namePid.pid, comm: namePid.comm });
  return alive;
}

/** Undefined: its rule proves nothing here. */
function proofOf({ software, softwareState }: NameCase, dead: readonly Evidence[]): readonly Evidence[] | undefined {
  if (!software || !softwareState) return undefined;
  const { name, leftover } = software.row;
  switch (leftover.when) {
    case 'name-pid-dead':
      return dead.length > 0 ? [] : undefined;
    case 'no-process':
      return [{ code: 'software-leftover', software: name, detail: 'none of its processes runs' }];
    case 'unheld':
      return [{ code: 'software-leftover', software: name }];
    default:
      return undefined;
  }
}

/**
 * A directory is what its content is, and never more than orphaned by that alone: a scratch directory that is wanted may hold
 * nothing but what the dead left in it.
 */
function directoryEvidence(
  { content, stoodIn }: NameCase,
  hasRule: boolean,
): Pick<Weighed, 'vetoes' | 'doubts'> & { readonly facts: readonly Evidence[] } {
  if (!content) return NOTHING;
  const { abandoned, orphaned, wanted } = content;
  const vetoes = stoodInEvidence(stoodIn);
  if (wanted > 0) vetoes.push({ code: 'content-wanted', count: wanted });
  if (isEmpty(content))
    return { vetoes: hasRule ? vetoes : [...vetoes, { code: 'directory-empty' }], doubts: [], facts: [] };
  const leftover: readonly Evidence[] = wanted > 0 ? [] : [{ code: 'content-leftover', count: abandoned + orphaned }];
  return orphaned > 0 ? { vetoes, doubts: leftover, facts: [] } : { vetoes, doubts: [], facts: leftover };
}

const isEmpty = ({ abandoned, orphaned, wanted }: DirectoryContent) => abandoned + orphaned + wanted === 0;

function stoodInEvidence(stoodIn: StoodIn = 'unknown'): Evidence[] {
  if (stoodIn === 'no') return [];
  return [stoodIn === 'unknown' ? { code: 'stood-in' } : { code: 'stood-in', ...stoodIn }];
}

/** Signs that a person wants it (no program leaves a second name or a bind mount behind), or that nobody can tell. */
function keptEvidence({ type, otherNames, mounted, isDedicated, isCut }: NameCase): Evidence[] {
  // The links of a directory are its folders.
  const kept: Evidence[] = otherNames > 0 && type !== 'directory' ? [{ code: 'other-names', count: otherNames }] : [];
  if (!isDedicated) kept.push({ code: 'not-dedicated' });
  if (mounted === 'mounted') kept.push({ code: 'mounted-elsewhere' });
  if (mounted === 'unknown') kept.push({ code: 'mounts-unknown' });
  if (isCut) kept.push({ code: 'names-unlisted' });
  return kept;
}
