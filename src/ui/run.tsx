// The dashboard from start to end: thread, terminal, store, React; and a clean terminal whatever ends it.
import { SamplerClient } from '../probe/thread/sampler-client.ts';
import type { DashboardCommands } from './commands.ts';
import { deathText } from './death-text.ts';
import { createDispatcher } from './dispatcher.ts';
import { drawFirstFrame } from './draw/first-frame.ts';
import { forLocale, isUtf8Locale } from './format/glyphs.ts';
import type { Mounted } from './mount.tsx';
import { Remover } from './remover.ts';
import { type DashboardEnd, type Ended, Endings } from './run/endings.ts';
import { type DashboardOptions, sourceOf, startSettings, stateOptions, whyNoDashboard } from './run/options.ts';
import { SamplerNews } from './run/sampler-news.ts';
import { save } from './run/save-snapshot.ts';
import { readConfig, StateFile } from './settings-file.ts';
import { compileFilter } from './state/reduce-prompt.ts';
import { initialState, MESSAGE_MS, type Message } from './state/state.ts';
import { createStore, type Store } from './store.ts';
import { Canvas } from './terminal/canvas.ts';
import { copyToClipboard } from './terminal/modes.ts';
import { TerminalSession } from './terminal/session.ts';

const CLOCK_MS = 500;
/** The end waits that long for the object that is just being removed: as long as another shmtop may keep it waiting, and more. */
const LONGEST_REMOVAL_MS = 8000;

/** Runs until the user quits or a signal ends it; the exit code is 0 only for a quit. Standard output must be a terminal. */
export async function runDashboard(options: DashboardOptions): Promise<DashboardEnd> {
  const { env, stdin, stdout } = process;
  const refusal = whyNoDashboard(env.TERM, stdin.isTTY);
  if (refusal !== undefined) {
    process.stderr.write(refusal);
    return 1;
  }
  const config = readConfig(env);
  const stateFile = new StateFile(env);
  const commands = options.commands ?? {};
  const { base, chosen } = startSettings(config, stateFile.read(), options);

  let mounted: Mounted | undefined;
  const resize = (columns: number, rows: number) => {
    mounted?.resize(columns, rows);
    store.dispatch({ type: 'resize', columns, rows });
  };
  const session = new TerminalSession(stdin, stdout, {
    onInput: (event) => dispatch(event),
    onResize: resize,
    onResume: () => {
      canvas.suspend(false);
      resize(session.columns, session.rows);
    },
  });
  const size = { columns: session.columns, rows: session.rows };
  const first = initialState({ ...size, ...stateOptions(options, config, chosen, env) });
  const store = createStore({ ...first, filter: compileFilter(options.filter ?? '', first.screen) });
  const say = (text: string, kind: Message['kind']) =>
    store.dispatch({ type: 'message', message: { text, kind, untilMs: Date.now() + MESSAGE_MS[kind] } });
  const news = new SamplerNews(store);
  const client = new SamplerClient(sourceOf(options, config, chosen.intervalMs), {
    onMessage: news.take,
    onDeath: (death) => {
      const text = deathText(death);
      if (text !== undefined) say(text, 'bad');
    },
    onStall: (pid) => say(`Process ${pid} does not answer; what it holds is not known.`, 'warning'),
  });
  const canvas = new Canvas(
    { write: (text) => stdout.write(text), onDrain: (then) => stdout.once('drain', then) },
    size.columns,
    size.rows,
  );
  const endings = new Endings(() => {
    canvas.suspend(true);
    session.leave();
  });
  endings.listen(stdin, stdout);

  const dispatch = createDispatcher(store, {
    quit: () => endings.end(0),
    suspend: () => {
      canvas.suspend(true);
      session.suspend();
    },
    redraw: () => canvas.redraw(),
    copy: ({ text, pasted }) => {
      const sequence = copyToClipboard(pasted);
      if (sequence === undefined) return say('Too long to be copied.', 'warning');
      session.send(sequence);
      say(`Copied: ${text}`, 'good');
    },
    ask: (question) => client.post(question),
    save: (state) => void save(state, options.saveSnapshot, say),
    host: { say, refresh: () => client.post({ type: 'sample' }) },
  });
  const minAgeSec = options.minAgeSec ?? config.minAgeSec;
  const { remove } = commands;
  const removal = remove && removerFor(remove, { store, client, minAgeSec, clock: news.tellTime });

  session.enter();
  const firstFrame = canvas.showAtOnce(drawFirstFrame(store.getState()));
  try {
    const { mountApp } = await import('./mount.tsx');
    const effects = {
      ask: (question: Parameters<SamplerClient['post']>[0]) => client.post(question),
      setMouse: (isOn: boolean) => session.setMouse(isOn),
      remember: (settings: typeof chosen) => stateFile.remember(settings, base),
      removal,
      load: commands.load,
      say,
    };
    mounted = mountApp(store, canvas, effects, endings.crash);
    firstFrame.replaced();
  } catch (error) {
    endings.crash(error);
  }
  news.open();
  const [problem, ...more] = first.configProblems ?? [];
  if (problem !== undefined) say(more.length > 0 ? `${problem} (? tells ${more.length} more)` : problem, 'warning');
  const clock = setInterval(news.tellTime, CLOCK_MS);

  const ended = await endings.ended;
  clearInterval(clock);
  store.dispatch({ type: 'removal-stop' });
  const lastWords = await removal?.close(LONGEST_REMOVAL_MS);
  canvas.suspend(true);
  try {
    mounted?.unmount();
  } finally {
    session.leave();
  }
  stateFile.flush();
  sayFarewell(lastWords, ended, isUtf8Locale(env));
  const [isEnded] = await Promise.all([client.close(), commands.load?.close()]);
  // The terminal is as it was, and nothing is left to be done: what hangs in the kernel is not waited for.
  if (!isEnded) options.exitNow?.(ended.code);
  endings.unlisten();
  return ended.code;
}

/** What the screen cannot say any more: what became of a removal, and the fault that ended it all. */
function sayFarewell(lastWords: string | undefined, { error }: Ended, unicode: boolean): void {
  if (lastWords !== undefined) process.stderr.write(`shmtop: ${forLocale(lastWords, { unicode })}\n`);
  if (error !== undefined) process.stderr.write(`shmtop: ${describe(error)}\n`);
}

function removerFor(
  remove: NonNullable<DashboardCommands['remove']>,
  { store, client, minAgeSec, clock }: { store: Store; client: SamplerClient; minAgeSec?: number; clock: () => void },
): Remover {
  return new Remover({
    remove,
    minAgeSec,
    clock,
    hold: () => client.hold(),
    release: () => client.release(),
    onProgress: (done) => store.dispatch({ type: 'removal-progress', done }),
    onDone: (report) => store.dispatch({ type: 'removal-done', report }),
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
