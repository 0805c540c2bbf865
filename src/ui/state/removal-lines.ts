// What the box of a removal says: what goes and what comes back, who is affected, what stays and why; wrapped to its width.
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Plan } from '../../remove/model/plan.ts';
import type { Report } from '../../remove/model/report.ts';
import { formatIecBytes, spellBytes } from '../format/bytes.ts';
import type { Token } from '../format/colour.ts';
import { bulletedEvidence, evidenceLines } from '../format/evidence-text.ts';
import { forLocale, glyphsFor } from '../format/glyphs.ts';
import { describeEffect, freedAtOnce, spellBreaks, spellHolderPids } from '../format/removal-text.ts';
import type { Style } from '../format/style.ts';
import { countOf } from '../format/totals.ts';
import { formatVerdict, formatWhy, VERDICT_MEANINGS } from '../format/verdict-text.ts';
import { displayWidth, fitText } from '../format/width.ts';
import { wrapAll } from '../format/wrap.ts';
import { withFreshEvidence } from './fresh-evidence.ts';
import { memoLast } from './memo.ts';
import type { Question, RemovalBox } from './removal.ts';
import { adviceFor, spellReport, tellings } from './removal-message.ts';

export interface BoxLine {
  readonly text: string;
  readonly token?: Token;
}

/** Lines by number: thousands of objects are not all written out for the few that are in the window. */
export interface BoxContent {
  readonly title: string;
  readonly count: number;
  readonly at: (index: number) => BoxLine;
}

/** More holders than these are counted only. */
const MOST_HOLDERS = 40;
/** Of the width of a list, for the ID. */
const ID_SHARE = 0.4;
const BYTES_WIDTH = 7;

export function boxContent(removal: RemovalBox, width: number, unicode: boolean): BoxContent {
  switch (removal.kind) {
    case 'dialog':
      return questionContent(removal.question, width, unicode);
    case 'typed':
      return typedContent(removal.plan, width, unicode);
    case 'told':
      return reportContent(removal.report, width, unicode);
  }
}

const questionContent = memoLast((question: Question, width: number, unicode: boolean): BoxContent => {
  const write = new Writer(width, unicode, (question.plans[0]?.listedAtMs ?? 0) / 1000);
  switch (question.about) {
    case 'one':
      writeOne(write, question, titleOf(question));
      break;
    case 'tagged':
      writeTagged(write, question);
      break;
    case 'abandoned':
      return listContent(write, question, width);
  }
  return write.content(titleOf(question));
});

function titleOf({ about, plans, goes, forced }: Question): string {
  const { shortId } = itemAt(plans, 0).object;
  switch (about) {
    case 'one':
      if (goes > 0) return `Remove ${shortId}?`;
      return forced ? `${shortId} is in use` : `${shortId} stays`;
    case 'tagged':
      if (goes === 0) return `None of the ${plans.length} tagged can be removed`;
      return goes === plans.length
        ? `Remove ${countOf(goes, 'tagged object')}?`
        : `Remove ${goes} of ${plans.length} tagged objects?`;
    case 'abandoned':
      return goes === 1 ? 'Remove 1 abandoned object?' : `Remove all ${goes} abandoned objects?`;
  }
}

function writeOne(write: Writer, { plans, goes, forced }: Question, title: string): void {
  const plan = itemAt(plans, 0);
  const object = withFreshEvidence(plan.object, write.style.nowSec);
  if (!write.fitsTitle(title)) write.line(object.shortId, 'header');
  writeVerdict(write, object);
  write.line('');
  const holders = spellHolderPids(object, MOST_HOLDERS);
  if (holders !== undefined) write.line(`Held by ${holders}.`);
  if ((object.hiddenMappings ?? 0) > 0)
    write.line(`${countOf(object.hiddenMappings ?? 0, 'mapping')} in processes that could not be looked into.`);
  if (goes > 0) for (const text of describeEffect(object, write.style)) write.line(text);
  else {
    write.line(whyItStays(plan), 'warning');
    if (!forced) return;
    write.line('');
    write.line('It can be removed under them, once its ID was typed:');
    for (const text of describeEffect(object, write.style)) write.line(text, 'bad');
  }
}

function writeVerdict(write: Writer, { verdict }: ShmObject): void {
  const { state } = verdict;
  write.line(`${formatVerdict(state, write.style)}: ${VERDICT_MEANINGS[state]}`, state, 2);
  const { bullet } = glyphsFor(write.style);
  for (const line of bulletedEvidence(verdict, bullet)) write.line(`  ${line}`, undefined, 4);
}

function writeTagged(write: Writer, { plans, goes }: Question): void {
  const going = plans.slice(0, goes);
  if (goes > 0) write.line(sumOf(going), 'header');
  for (const plan of going) {
    const { object, effect, consent } = plan;
    const bytes = effect.freedBytes === undefined ? '' : `  ${spellBytes(effect.freedBytes, write.style)}`;
    write.line(
      `${formatVerdict(object.verdict.state, write.style)}  ${object.shortId}${bytes}`,
      object.verdict.state,
      2,
    );
    write.line(`  ${effect.text.join(' ')}`, undefined, 2);
    const fresh = withFreshEvidence(object, write.style.nowSec);
    const why = consent === 'plain' ? [`why: ${formatWhy(fresh)}`] : evidenceLines(fresh.verdict);
    for (const line of why) write.line(`  ${line}`, undefined, 2);
    const breaks = consent === 'plain' ? undefined : spellBreaks(object);
    if (breaks !== undefined) write.line(`  ${breaks}`, 'warning', 2);
  }
  if (goes === plans.length) return;
  if (goes > 0) write.line('');
  write.line(`${plans.length - goes} ${plans.length - goes === 1 ? 'stays' : 'stay'}:`, 'header');
  for (const plan of plans.slice(goes)) {
    const { object } = plan;
    write.line(`${formatVerdict(object.verdict.state, write.style)}  ${object.shortId}`, object.verdict.state, 2);
    write.line(`  ${whyItStays(plan)}`, 'warning', 2);
    const holders = spellHolderPids(object);
    if (holders !== undefined) write.line(`  held by ${holders}`, undefined, 2);
  }
}

const whyItStays = ({ refusal, effect }: Plan): string =>
  refusal ? `It ${refusal.reason}: ${adviceFor(refusal)}.` : effect.text.join(' ');

const sumOf = (plans: readonly Plan[]): string =>
  `${plans.length} ${plans.length === 1 ? 'goes' : 'go'}, ${spellBytes(freedAtOnce(plans), { bytes: 'iec' })} come back:`;

/** One line for each object, made when it is looked at. */
function listContent(write: Writer, question: Question, width: number): BoxContent {
  const { plans, hidden, unlisted, apart, elsewhere, foreign } = question;
  write.line(sumOf(plans), 'header');
  if (unlisted > 0) {
    write.line(
      `${unlisted} more ${unlisted === 1 ? 'is' : 'are'} not listed and ${unlisted === 1 ? 'stays' : 'stay'}: shmtop rm --abandoned.`,
    );
  }
  if (hidden > 0) write.line(`The filter hides ${hidden} more, which ${hidden === 1 ? 'stays' : 'stay'}.`);
  if (apart > 0) write.line(`${apart} more ${apart === 1 ? 'goes' : 'go'} only by itself, with a key of its own.`);
  if (elsewhere > 0) {
    const stay = elsewhere === 1 ? 'stays' : 'stay';
    write.line(`${elsewhere} more in other namespaces ${stay}: filter by ns=NUMBER to reach one.`);
  }
  if (foreign > 0)
    write.line(`${foreign} more of other users ${foreign === 1 ? 'stays' : 'stay'}: run as their owner or as root.`);
  const { count, at } = write.content(titleOf(question));
  const widest = plans.reduce((most, { object }) => Math.max(most, displayWidth(object.shortId)), 0);
  const idWidth = Math.max(6, Math.min(widest, Math.floor(width * ID_SHARE)));
  const ellipsis = glyphsFor(write.style).ellipsis;
  const lineOf = ({ object, effect }: Plan): BoxLine => {
    const id = fitText(forLocale(object.shortId, write.style), idWidth, { align: 'left', ellipsis, cut: 'middle' });
    const freed = effect.freedBytes === undefined ? '' : formatIecBytes(effect.freedBytes);
    const bytes = fitText(freed, BYTES_WIDTH, { align: 'right', ellipsis });
    const room = Math.max(0, width - idWidth - BYTES_WIDTH - 2);
    const why = fitText(forLocale(formatWhy(object), write.style), room, { align: 'left', ellipsis });
    return { text: `${id}${bytes}  ${why}` };
  };
  return {
    title: titleOf(question),
    count: count + plans.length,
    at: (index) => (index < count ? at(index) : lineOf(itemAt(plans, index - count))),
  };
}

const typedContent = memoLast((plan: Plan, width: number, unicode: boolean): BoxContent => {
  const { object } = plan;
  const write = new Writer(width, unicode, plan.listedAtMs / 1000);
  write.line('To remove it under those who hold it, type its ID and then press Enter:');
  write.line(object.shortId, 'header');
  write.line('');
  for (const text of describeEffect(object, write.style)) write.line(text, 'bad');
  const holders = spellHolderPids(object, MOST_HOLDERS);
  if (holders !== undefined) write.line(`Held by ${holders}.`);
  return write.content(`Remove ${object.shortId} though it is in use`);
});

const reportContent = memoLast((report: Report, width: number, unicode: boolean): BoxContent => {
  const write = new Writer(width, unicode, 0);
  write.line(spellReport(report, false), 'header');
  for (const { text, kind } of tellings(report)) {
    write.line('');
    write.line(text, kind, 2);
  }
  return write.content('What became of it');
});

/** Lines as they come, wrapped. */
class Writer {
  readonly style: Style;
  readonly #width: number;
  readonly #lines: BoxLine[] = [];

  constructor(width: number, unicode: boolean, nowSec: number) {
    this.#width = width;
    this.style = { bytes: 'iec', unicode, colour: false, nowSec };
  }

  line(text: string, token?: Token, indent = 0): void {
    for (const part of wrapAll(forLocale(text, this.style), this.#width, indent))
      this.#lines.push({ text: part, token });
  }

  /** The title stands in the border, which takes a column more than the lines. */
  fitsTitle(title: string): boolean {
    return displayWidth(forLocale(title, this.style)) < this.#width;
  }

  content(title: string): BoxContent {
    const lines = this.#lines;
    return { title, count: lines.length, at: (index) => itemAt(lines, index) };
  }
}
