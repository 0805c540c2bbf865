// The dashboard from start to end: thread, terminal, store, React; and a clean terminal whatever ends it.

import { errorCode } from '../fault/thrown.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { SamplerClient, type SamplerMessage } from '../probe/thread/sampler-client.ts';
import { dieOf, OTHER_DEADLY_SIGNALS } from '../process/end.ts';
import type { CommandHost, DashboardCommands } from './commands.ts';
import { deathText } from './death-text.ts';
import { createDispatcher } from './dispatcher.ts';
import { drawFirstFrame } from './draw/first-frame.ts';
import { wantsColour } from './format/colour.ts';
import { forLocale, isUtf8Locale } from './format/glyphs.ts';
import { shellWord } from './format/shell-word.ts';
import type { Mounted } from './mount.tsx';
import { Remover } from './remover.ts';
import { readConfig, StateFile } from './settings-file.ts';
import { mergeTables } from './state/remembered-tables.ts';
import { DEFAULT_SETTINGS, initialState, MESSAGE_MS, type Message, type Settings, type State } from './state/state.ts';
import { createStore, type Store } from './store.ts';
import { Canvas } from './terminal/canvas.ts';
import { copyToClipboard } from './terminal/modes.ts';
import { TerminalSession } from './terminal/session.ts';

export interface DashboardOptions {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  /** A recording to be shown instead of this machine. */
  readonly recordingPath?: string;
  readonly includeFiles?: boolean;
  readonly minAgeSec?: number;
  readonly isReadOnly?: boolean;
  readonly intervalMs?: number;
  readonly theme?: Settings['theme'];
  readonly commands?: DashboardCommands;
  /** Ends the process at once, whatever its threads do. */
  readonly exitNow?: (end: DashboardEnd) => void;
  /** What Ctrl-S does: writes the snapshot into a new file; rejects with what the file system says. */
  readonly saveSnapshot?: (snapshot: Snapshot, path: string) => Promise<void>;
}

const CLOCK_MS = 500;
/** The end waits that long for the object that is just being removed: as long as another shmtop may keep it waiting, and more. */
const LONGEST_REMOVAL_MS = 8000;

/** An exit code, or the signal to die of when the terminal has been given back. */
export type DashboardEnd = number | 'SIGTERM' | 'SIGHUP';

/** Runs until the user quits or a signal ends it; the exit code is 0 only for a quit. Standard output must be a terminal. */
export async function runDashboard(options: DashboardOptions): Promise<DashboardEnd> {
  const { env, stdin, stdout } = process;
  if (env.TERM === 'dumb') {
    process.stderr.write('shmtop: this terminal (TERM=dumb) cannot show the dashboard; use: shmtop ls\n');
    return 1;
  }
  if (!stdin.isTTY) {
    process.stderr.write(
      'shmtop: standard input is not a terminal, so no key could reach the dashboard; use: shmtop ls\n',
    );
    return 1;
  }
  const config = readConfig(env);
  const stateFile = new StateFile(env);
  const commands = options.commands ?? {};
  const given: Partial<Settings> = {
    ...(options.intervalMs === undefined ? {} : { intervalMs: options.intervalMs }),
    ...(options.theme === undefined ? {} : { theme: options.theme }),
  };
  const base: Settings = { ...DEFAULT_SETTINGS, ...config.settings };
  const kept = stateFile.read();
  const settings: Settings = { ...base, ...kept, ...given, tables: mergeTables(base.tables, kept.tables) };

  const minAgeSec = options.minAgeSec ?? config.minAgeSec;
  let handleMessage: (message: SamplerMessage) => void = (message) => early.push(message);
  const early: SamplerMessage[] = [];
  const say = (text: string, kind: Message['kind']) =>
    store.dispatch({ type: 'message', message: { text, kind, untilMs: Date.now() + MESSAGE_MS[kind] } });
  const client = new SamplerClient(
    options.recordingPath === undefined
      ? {
          kind: 'machine',
          settings: {
            procRoot: options.procRoot,
            shmRoot: options.shmRoot,
            includeFiles: options.includeFiles ?? config.includeFiles ?? false,
            minAgeSec,
            intervalMs: settings.intervalMs,
          },
        }
      : { kind: 'recording', start: { path: options.recordingPath } },
    {
      onMessage: (message) => handleMessage(message),
      onDeath: (death) => {
        const text = deathText(death);
        if (text !== undefined) say(text, 'bad');
      },
      onStall: (pid) => say(`Process ${pid} does not answer; what it holds is not known.`, 'warning'),
    },
  );

  let mounted: Mounted | undefined;
  const session = new TerminalSession(stdin, stdout, {
    onInput: (event) => dispatch(event),
    onResize: (columns, rows) => {
      mounted?.resize(columns, rows);
      store.dispatch({ type: 'resize', columns, rows });
    },
    onResume: () => {
      canvas.suspend(false);
      mounted?.resize(session.columns, session.rows);
      store.dispatch({ type: 'resize', columns: session.columns, rows: session.rows });
    },
  });
  const store = createStore(
    initialState({
      columns: session.columns,
      rows: session.rows,
      unicode: isUtf8Locale(env) && !config.isAscii,
      colour: wantsColour(true, env),
      abilities: {
        isReadOnly: options.isReadOnly ?? config.isReadOnly ?? false,
        remove: commands.remove !== undefined,
        load: commands.load !== undefined,
        replay: options.recordingPath !== undefined,
      },
      settings,
      confirm: config.confirm,
    }),
  );
  const canvas = new Canvas(
    { write: (text) => stdout.write(text), onDrain: (then) => stdout.once('drain', then) },
    session.columns,
    session.rows,
  );

  const ending = Promise.withResolvers<{ readonly code: DashboardEnd; readonly error?: unknown }>();
  const end = (code: DashboardEnd, error?: unknown) => ending.resolve({ code, error });
  const onSigint = () => end(130);
  const onSigterm = () => end('SIGTERM');
  const onSighup = () => end('SIGHUP');
  const onCrash = (error: unknown) => end(1, error ?? new Error('unknown error'));
  process.on('SIGINT', onSigint).on('SIGTERM', onSigterm).on('SIGHUP', onSighup);
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
  // Meant to kill at once; the terminal is given back all the same. What somebody listens to (a measuring script) does not kill.
  const deadly = OTHER_DEADLY_SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  const onDeadly = (signal: NodeJS.Signals) => {
    canvas.suspend(true);
    session.leave();
    dieOf(signal);
  };
  for (const signal of deadly) process.on(signal, onDeadly);
  // EIO, EPIPE: the terminal is gone.
  stdout.on('error', onSighup);
  stdin.on('error', onSighup).on('end', onSighup);

  const host: CommandHost = {
    say,
    refresh: () => client.post({ type: 'sample' }),
  };
  const dispatch = createDispatcher(store, {
    quit: () => end(0),
    suspend: () => {
      canvas.suspend(true);
      session.suspend();
    },
    redraw: () => canvas.redraw(),
    copy: (text) => {
      const sequence = copyToClipboard(shellWord(text));
      if (sequence === undefined) return say('Too long to be copied.', 'warning');
      session.send(sequence);
      say(`Copied: ${text}`, 'good');
    },
    ask: (question) => client.post(question),
    save: (state) => void save(state, options.saveSnapshot, say),
    host,
  });

  let lastTickMs = Date.now();
  const tellTime = () => store.dispatch({ type: 'clock', nowMs: Date.now(), lastTickMs });
  const { remove } = commands;
  const removal = remove && removerFor(remove, { store, client, minAgeSec, clock: tellTime });

  session.enter();
  const firstFrame = canvas.showAtOnce(drawFirstFrame(store.getState()));
  try {
    const { mountApp } = await import('./mount.tsx');
    mounted = mountApp(
      store,
      canvas,
      {
        ask: (question) => client.post(question),
        setMouse: (isOn) => session.setMouse(isOn),
        remember: (chosen) => stateFile.remember(chosen, base),
        removal,
        load: commands.load,
        say,
      },
      onCrash,
    );
    firstFrame.replaced();
  } catch (error) {
    onCrash(error);
  }
  handleMessage = (message) => {
    if (message.type === 'tick') {
      lastTickMs = Date.now();
      store.dispatch({ type: 'tick', tick: message });
    } else if (message.type === 'live') {
      const { sources, problem } = message;
      store.dispatch({ type: 'live', live: { sources, problem } });
    } else if (message.type === 'replay') {
      const { type, ...position } = message;
      store.dispatch({ type, position });
    } else store.dispatch(message);
  };
  for (const message of early.splice(0)) handleMessage(message);
  if (config.problems.length > 0) say(config.problems.join('; '), 'warning');
  const clock = setInterval(tellTime, CLOCK_MS);

  const { code, error } = await ending.promise;
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
  if (lastWords !== undefined)
    process.stderr.write(`shmtop: ${forLocale(lastWords, { unicode: isUtf8Locale(env) })}\n`);
  if (error !== undefined) process.stderr.write(`shmtop: ${describe(error)}\n`);
  const [isEnded] = await Promise.all([client.close(), commands.load?.close()]);
  // The terminal is as it was, and nothing is left to be done: what hangs in the kernel is not waited for.
  if (!isEnded) options.exitNow?.(code);
  process.off('SIGINT', onSigint).off('SIGTERM', onSigterm).off('SIGHUP', onSighup);
  for (const signal of deadly) process.off(signal, onDeadly);
  process.off('uncaughtException', onCrash).off('unhandledRejection', onCrash);
  return code;
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

async function save(state: State, write: DashboardOptions['saveSnapshot'], say: CommandHost['say']): Promise<void> {
  const { head, objects } = state.data;
  if (!head || !write) return;
  const path = `shmtop-${new Date(head.takenAtMs).toISOString().replace(/[:.]/g, '-')}.json`;
  try {
    await write({ ...head, objects }, path);
    say(`Written: ${path}`, 'good');
  } catch (cause) {
    say(`Cannot write ${path} (${errorCode(cause)}).`, 'bad');
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
