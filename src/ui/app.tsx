// The root: header, the screen that is shown, status and key bar, stacked by Ink; effects are hooks.
import { Box } from 'ink';
import { useMemo } from 'react';
import type { CommandHost, LoadCommands } from './commands.ts';
import { drawHeader } from './draw/header.ts';
import { drawKeyBar } from './draw/key-bar.ts';
import { drawStatus } from './draw/status-line.ts';
import { useLoad } from './hooks/use-load.ts';
import { useMouseMode } from './hooks/use-mouse-mode.ts';
import { useRemember } from './hooks/use-remember.ts';
import { type RemovalEffects, useRemoval } from './hooks/use-removal.ts';
import {
  type Ask,
  useAccount,
  useContent,
  useInterval,
  useLife,
  useProcessShare,
  useResidents,
  useWatch,
} from './hooks/use-sampler-questions.ts';
import { useDashboardState } from './hooks/use-state.ts';
import { ScreenBody } from './screens/body.tsx';
import { WholeScreen } from './screens/whole.tsx';
import { layoutScreen } from './state/screen-layout.ts';
import type { Settings, State } from './state/state.ts';
import { Lines } from './widgets/lines.tsx';
import { RemovalWindow } from './widgets/removal-window.tsx';
import { SortMenu } from './widgets/sort-menu.tsx';

/** What the dashboard asks of the world; everything else that it does is in its state. */
export interface AppEffects {
  readonly ask: Ask;
  readonly setMouse: (isOn: boolean) => void;
  readonly remember: (settings: Settings) => void;
  /** Absent: nothing can be removed. */
  readonly removal?: RemovalEffects;
  /** Absent: the program has no load generator. */
  readonly load?: LoadCommands;
  readonly say: CommandHost['say'];
}

export function App({ effects }: { readonly effects: AppEffects }) {
  const state = useDashboardState();
  useContent(state, effects.ask);
  useProcessShare(state, effects.ask);
  useResidents(state, effects.ask);
  useLife(state, effects.ask);
  useAccount(state, effects.ask);
  useInterval(state, effects.ask);
  useWatch(state, effects.ask);
  useMouseMode(state.settings.isMouseOn, effects.setMouse);
  useRemember(state.settings, effects.remember);
  useRemoval(state, effects.removal);
  useLoad(state, effects.load, effects.say);
  const { meterLines, hasKeyBar, hasStatus } = layoutScreen(state);
  const { columns, rows } = state;
  const hasMenu = state.overlay?.kind === 'sort';
  // Ink draws its frame again whenever a box is made anew: this one only when the parts of the screen are others.
  return useMemo(
    () => (
      <Box flexDirection="column" width={columns} height={rows}>
        <Drawn draw={drawHeader} height={1 + meterLines} />
        <Body />
        {hasStatus && <Drawn draw={drawStatusLine} height={1} />}
        {hasKeyBar && <Drawn draw={drawKeyLine} height={1} />}
        {hasMenu && <SortMenu />}
        <RemovalWindow />
      </Box>
    ),
    [columns, rows, meterLines, hasStatus, hasKeyBar, hasMenu],
  );
}

const drawStatusLine = (state: State) => [drawStatus(state)];
const drawKeyLine = (state: State) => [drawKeyBar(state)];

/** Lines as wide as the screen. */
function Drawn({ draw, height }: { readonly draw: (state: State) => readonly string[]; readonly height: number }) {
  const state = useDashboardState();
  return <Lines lines={draw(state)} width={state.columns} height={height} />;
}

function Body() {
  const state = useDashboardState();
  if (state.overlay?.kind === 'help' || state.overlay?.kind === 'setup')
    return <WholeScreen state={state} which={state.overlay.kind} />;
  if (state.content) return <WholeScreen state={state} which="content" />;
  return <ScreenBody />;
}
