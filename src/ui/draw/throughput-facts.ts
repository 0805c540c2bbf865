// The figures of a load line by line, each with a label and where there is room a bar; its rank says which gives way first.
import { type Interval, isRace, isTrue, type Meter } from '../../load/model/meter.ts';
import { formatNs } from '../format/load-numbers.ts';
import { spellPlace } from '../format/load-rows.ts';
import {
  DAMAGED,
  ONE_WAY_HOW,
  ROUND_TRIP_HOW,
  spellBalance,
  spellChecking,
  spellCost,
  spellGrowth,
  spellMemcpy,
  spellNoise,
  spellPercentiles,
  spellQueueing,
  spellRing,
  spellSide,
  spellSignals,
  spellTruth,
} from '../format/load-words.ts';
import type { UiToken } from '../theme.ts';
import { firstFitting, joinPieces, type Kit, paintWith } from './pen.ts';
import { chartOf } from './throughput-rates.ts';

interface Fact {
  readonly label: string;
  /** The first that fits is shown; without any the fact is left out. */
  readonly texts: readonly string[];
  /** 0 to 1, as a bar before the text. */
  readonly share?: number;
  /** Shares over time, drawn at the right end where there is much room. */
  readonly history?: readonly number[];
  /** The first to go where there is no room has the greatest. */
  readonly rank: number;
  readonly token?: UiToken;
}

const LABEL_WIDTH = 12;
const ROOMY = 110;

/** At most `most` lines of exactly `width` columns. `span`: the stretch of time that they are about. */
export function drawFacts(kit: Kit, meter: Meter, span: Interval | undefined, width: number, most: number): string[] {
  let facts = [...(span ? spanFacts(meter, span) : []), ...otherFacts(meter)].filter(({ texts }) => texts.length > 0);
  while (facts.length > most) {
    const last = Math.max(...facts.map(({ rank }) => rank));
    if (last === 0) break;
    facts = facts.filter(({ rank }) => rank !== last);
  }
  const barWidth = width < 72 ? 0 : Math.min(28, Math.floor(width * 0.16));
  return facts.map((fact) => {
    const { history } = fact;
    const chartWidth = history && width >= ROOMY ? Math.floor((width - 80) * 0.8) : 0;
    if (!history || chartWidth === 0) return drawFact(kit, fact, width, barWidth);
    return `${drawFact(kit, fact, width - chartWidth - 1, barWidth)}${chartOf(kit, meter, history, { width: chartWidth, height: 1, most: 1 })} `;
  });
}

function drawFact(kit: Kit, { label, texts, share, token }: Fact, width: number, barWidth: number): string {
  const hasBar = share !== undefined && barWidth > 0;
  const room = width - LABEL_WIDTH - (hasBar ? barWidth + 2 : 0);
  const start = joinPieces(kit, [[` ${label}`, 'label']], LABEL_WIDTH);
  const bar = hasBar ? `${drawShare(kit, share, barWidth)}  ` : '';
  return start + bar + joinPieces(kit, [[firstFitting(kit, texts, room), token]], room);
}

/** A bar without the colours of danger: a full ring and a side that waits are no trouble. */
export function drawShare(kit: Kit, share: number, width: number): string {
  const full = Math.min(width, share > 0 ? Math.max(1, Math.round(share * width)) : 0);
  const rest = paintWith(kit, 'meter-rest', kit.boxes.barRest.repeat(width - full));
  return paintWith(kit, 'accent', kit.boxes.barFull.repeat(full)) + rest;
}

function spanFacts(meter: Meter, span: Interval): Fact[] {
  const { cpuSecondsPerGB, oneWayNs } = span;
  const cost = cpuSecondsPerGB === undefined ? [] : spellCost(cpuSecondsPerGB);
  const checking = spellChecking(span, meter.setup.verify);
  return [
    { label: 'Memcpy', texts: spellMemcpy(meter, span), rank: 3 },
    { label: 'Ring', ...ringOf(meter, span), rank: 2 },
    { label: 'Producer', texts: spellSide(span.producer), share: span.producer.waitShare, rank: 4 },
    { label: 'Consumer', texts: spellSide(span.consumer), share: span.consumer.waitShare, rank: 5 },
    { label: 'Balance', texts: [spellBalance(meter, span)], rank: 10 },
    {
      label: 'Cost',
      texts: [...cost.flatMap((text) => checking.map((how) => `${text}; checking ${how}`)), ...cost],
      rank: 8,
    },
    { label: 'Growth', texts: spellGrowth(meter), rank: 1 },
    { label: 'Signals', texts: spellSignals(meter, span), rank: 1 },
    oneWayNs
      ? { label: 'One way', texts: withHow(spellPercentiles(oneWayNs), ONE_WAY_HOW), rank: 1 }
      : { label: 'Queueing', texts: spellQueueing(meter, span), rank: 11 },
    { label: 'Noisy', texts: spellNoise(span), rank: 9, token: 'warning' },
  ];
}

/** How full it is now; when the load is over, how full it was. */
function ringOf({ phase, occupancy, history }: Meter, span: Interval): Pick<Fact, 'texts' | 'share' | 'history'> {
  const isOver = phase === 'done' || phase === 'failed';
  const share = isOver ? span.occupancyMean : occupancy;
  return { texts: spellRing(isOver ? undefined : occupancy, span), share, history: history.occupancy };
}

/** What was measured before the load, its truth, and where it is to be found. */
function otherFacts({ roundTripNs, wakeNs, truth, setup, total }: Meter): Fact[] {
  const trips = roundTripNs ? withHow(spellPercentiles(roundTripNs), ROUND_TRIP_HOW) : [];
  const wake = wakeNs === undefined ? '' : `; a wake-up takes ${formatNs(wakeNs)}`;
  const isRight = isTrue(truth);
  return [
    { label: 'Round trip', texts: [...trips.map((text) => text + wake), ...trips], rank: 7 },
    {
      label: isRace(truth) ? 'A race' : 'Verified',
      texts: total ? spellTruth(truth, setup.verify) : [],
      rank: 0,
      token: !isRight ? 'bad' : setup.verify === 'off' || isRace(truth) ? 'warning' : 'good',
    },
    { label: '', texts: isRight ? [] : DAMAGED, rank: 0, token: 'bad' },
    { label: 'Found as', texts: setup.workers.length > 0 ? spellPlace(setup) : [], rank: 6 },
  ];
}

const withHow = (texts: readonly string[], how: string) => [`${texts[0]} (${how})`, ...texts];
