// `shmtop load --tour`: each scene with its two lines and the rows that shmtop shows of it, on and on until the last.
import type { LoadEngine } from '../../load/engine.ts';
import { SCENES, type SceneView } from '../../load/model/tour.ts';
import { sortRows } from '../../ui/format/column.ts';
import { OBJECT_COLUMNS } from '../../ui/format/columns.ts';
import { drawTable } from '../../ui/format/table.ts';
import { spellRun } from '../../ui/format/tour.ts';
import { defaultColumns } from '../column-choice.ts';
import { reportError } from '../report.ts';
import { outputWidth, styleFor } from '../style.ts';
import { EXIT } from '../usage.ts';
import type { LoadContext } from './context.ts';
import type { Live } from './live.ts';

/** Long enough to read two lines and look at a table; nobody reads along in a file. */
const SCENE_SEC = 8;

/** `sceneSec`: how long each scene stays. */
export async function tour(
  engine: LoadEngine,
  context: LoadContext,
  live: Live,
  sceneSec = context.stdout.isTty ? SCENE_SEC : 0,
): Promise<number> {
  const { signal } = context;
  const here = 'All of it is made by the tour, and goes with it.';
  live.line(`${SCENES.length} scenes about shared memory. ${here} Look on from another terminal: shmtop`);
  let refused = 0;
  const onScene = async (view: SceneView) => {
    live.line('');
    live.line(`${view.number} of ${view.of}: ${view.scene.title}`);
    live.line(view.scene.happens);
    live.line(view.scene.look);
    if (view.refusal !== undefined) {
      refused++;
      reportError(context, `scene ${view.number} could not be played: ${view.refusal}`);
    }
    for (const run of view.runs) live.line(`  ${spellRun(run)}`);
    if (view.ids.length > 0) showRows(context, view.ids);
    if (view.number < view.of) await pause(sceneSec * 1000, signal);
  };
  const trouble = await engine.tour({ onScene, signal });
  if (trouble) reportError(context, trouble.message);
  return trouble || refused > 0 ? EXIT.notDone : EXIT.done;
}

/** The rows of `shmtop ls --min-age 0`, of these objects only. */
function showRows(context: LoadContext, ids: readonly string[]): void {
  const snapshot = context.sample();
  const nowSec = snapshot.takenAtMs / 1000;
  const columns = defaultColumns(OBJECT_COLUMNS);
  const found = snapshot.objects.filter(({ id }) => ids.includes(id));
  const rows = sortRows(found, columns[0], false, nowSec);
  const style = styleFor(context, nowSec, 'iec');
  const { lines } = drawTable({ columns, rows, style, width: outputWidth(context), isChosen: false, hasHeader: true });
  if (rows.length === 0) context.stdout.write('  (not visible from here: see shmtop doctor)\n');
  else for (const line of lines) context.stdout.write(`${line}\n`);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || milliseconds === 0) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
