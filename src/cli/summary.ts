// `shmtop summary`: where the machine's shared memory is and whose, what is near its end, and what would come free.
import { parseObjectFilter } from '../filter/object-filter.ts';
import { limitsWith, memoryOf } from '../probe/model/account/account-limits.ts';
import { SUM_KINDS, type SumKind, sumBy } from '../probe/model/account/sum-by.ts';
import { nearest } from '../ui/format/nearest.ts';
import type { CliContext } from './context.ts';
import { jsonText } from './json-text.ts';
import { writeLines } from './pieces.ts';
import { reportGaps } from './report.ts';
import { outputWidth, styleFor } from './style.ts';
import type { Summary } from './summary-found.ts';
import { jsonOfSummary } from './summary-json.ts';
import { summaryLines } from './summary-lines.ts';
import { understood } from './understood.ts';
import { EXIT, UsageError } from './usage.ts';

export interface SummaryOptions {
  readonly by?: string;
  readonly json: boolean;
  readonly bytes: boolean;
  readonly minAge: number;
}

export async function summary(context: CliContext, words: readonly string[], options: SummaryOptions): Promise<number> {
  const by = options.by === undefined ? undefined : sumKindOf(options.by);
  const filter = understood(parseObjectFilter(words));
  const { snapshot, account } = await context.account({
    ...{ includeFiles: false, minAgeSec: options.minAge, rss: true },
    units: by === undefined || by === 'unit' || by === 'job' || by === 'owner' || filter.needsUnits,
    namespaces: true,
    ceilings: true,
  });
  const nowSec = snapshot.takenAtMs / 1000;
  const isWhole = words.length === 0;
  const objects = isWhole ? snapshot.objects : snapshot.objects.filter((object) => filter.matches(object, nowSec));
  const found: Summary = {
    snapshot,
    account,
    objects,
    isWhole,
    by,
    sums: sumBy({ objects }, isWhole ? account : { ...account, parts: [], remainderBytes: undefined }, by ?? 'owner'),
    limits: limitsWith(account, snapshot.limits),
    memory: memoryOf(account),
  };
  if (options.json) {
    context.stdout.write(`${jsonText(jsonOfSummary(found))}\n`);
    return EXIT.done;
  }
  const style = styleFor(context, nowSec, options.bytes ? 'exact' : 'iec');
  writeLines(context.stdout, summaryLines(found, style, outputWidth(context)));
  reportGaps(context, snapshot);
  return EXIT.done;
}

function sumKindOf(text: string): SumKind {
  const wanted = text.toLowerCase();
  const found = SUM_KINDS.find((kind) => kind === wanted);
  if (found) return found;
  const meant = nearest(wanted, SUM_KINDS);
  throw new UsageError(
    `--by takes ${SUM_KINDS.join(', ')}; it was given '${text}'${meant === undefined ? '' : `: did you mean ${meant}?`}`,
  );
}
