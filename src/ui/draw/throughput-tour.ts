// A scene of the tour on the Throughput screen: its two lines, and what the tables have of it now.
import type { SceneView } from '../../load/model/tour.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { spellRun } from '../format/tour.ts';
import { wrapText } from '../format/wrap.ts';
import { type State, shownData } from '../state/state.ts';
import { joinPieces, type Kit, type Piece } from './pen.ts';

/** At most `height` lines of exactly `width` columns. */
export function drawScene(kit: Kit, state: State, view: SceneView, width: number, height: number): string[] {
  const { scene, number, of, runs, ids, refusal } = view;
  const line = (...pieces: Piece[]) => joinPieces(kit, [[' '], ...pieces], width);
  const wrapped = (text: string, token?: Piece[1]) =>
    wrapText(text, Math.max(1, width - 2)).map((part) => line([part, token]));
  const objects = ids.flatMap((id) => shownData(state).byId.get(id) ?? []);
  const waiting = ids.length > 0 && objects.length === 0 ? ['It is in the tables at their next look.'] : [];
  return [
    line(),
    line([`Tour, ${number} of ${of}: `, 'label'], [scene.title, 'accent']),
    line(),
    ...wrapped(scene.happens),
    ...wrapped(scene.look),
    line(),
    ...runs.flatMap((run) => wrapped(spellRun(run), 'spark')),
    ...objects.flatMap((object) => wrapped(spellObject(object), 'spark')),
    ...waiting.flatMap((text) => wrapped(text, 'label')),
    ...(refusal === undefined ? [] : wrapped(`Could not be played: ${refusal}`, 'warning')),
    line(),
    ...wrapped('Screen 1 has the objects, screen 2 the processes. All of it goes with the tour; l ends it.', 'label'),
  ].slice(0, height);
}

/** `sysv:0@4026532179: in-use, nattch 2, held by 2 processes, dest` */
function spellObject({ shortId, verdict, nattch, holders, status }: ShmObject): string {
  const held = holders.length === 1 ? 'held by 1 process' : `held by ${holders.length || 'no'} processes`;
  const attached = nattch === undefined ? [] : [`nattch ${nattch}`];
  return `${shortId}: ${[verdict.state, ...attached, held, ...status].join(', ')}`;
}
