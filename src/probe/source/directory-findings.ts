// Directories follow their content: judged after all that lies in them, the deepest first.
import type { NameDraft } from '../model/join/join.ts';
import type { DirectoryContent, NameCase } from '../model/judge/verdict-case.ts';
import type { VerdictState } from '../model/object.ts';
import type { NameContext } from './name-context.ts';
import type { NameDossiers } from './name-dossiers.ts';

type Context = NameContext & { readonly mountedElsewhere: (draft: NameDraft) => NameCase['mounted'] };
type Counts = { -readonly [Key in keyof DirectoryContent]: number };

/** Completes, in place, the findings about directories that nobody holds. */
export function findDirectories(drafts: readonly NameDraft[], dossiers: NameDossiers, context: Context): void {
  const directories = [...drafts.entries()].filter(([, { entry }]) => entry.type === 'directory');
  if (directories.length === 0) return;
  const content = new Map<string, Counts>(directories.map(([, draft]) => [placeOf(draft), nothing()]));
  const addTo = (draft: NameDraft, at: number) => {
    const above = content.get(placeAbove(draft));
    if (above) count(above, dossiers.verdict(at).state);
  };
  for (const [at, draft] of drafts.entries()) if (draft.entry.type !== 'directory') addTo(draft, at);
  for (const [at, draft] of directories.sort(([, a], [, b]) => depthOf(b) - depthOf(a))) {
    fillIn(draft, at, content.get(placeOf(draft)) ?? nothing(), dossiers, context);
    addTo(draft, at);
  }
}

const nothing = (): Counts => ({ abandoned: 0, orphaned: 0, wanted: 0 });

function count(counts: Counts, state: VerdictState): void {
  if (state === 'abandoned' || state === 'orphaned') counts[state]++;
  else counts.wanted++;
}

/** Who stands in it, and where it is mounted, is asked only where all else says that nobody wants it. */
function fillIn(
  draft: NameDraft,
  at: number,
  content: DirectoryContent,
  dossiers: NameDossiers,
  context: Context,
): void {
  // What lies on a cut place is not all known.
  if (context.cutDevices.has(draft.entry.device)) return;
  const first = { ...dossiers.findings(at), content, stoodIn: 'no' } as const;
  dossiers.set(at, first);
  const { state } = dossiers.verdict(at);
  if (state !== 'abandoned' && state !== 'orphaned') return;
  dossiers.set(at, {
    ...first,
    stoodIn: context.askStoodIn(draft.entry),
    mounted: context.mountedElsewhere(draft),
  });
}

/** The same path may exist on the mounts of several containers, and below several tops of one. */
const placeOf = ({ entry: { device, place, name } }: NameDraft) => `${device} ${place.rootInode} ${name}`;
const placeAbove = ({ entry: { device, place, name } }: NameDraft) =>
  `${device} ${place.rootInode} ${name.slice(0, name.lastIndexOf('/'))}`;
const depthOf = ({ entry }: NameDraft) => entry.name.split('/').length;
