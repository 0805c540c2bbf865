// `shmtop show`: one object in words, as JSON, or its content as a hexdump.

import { removalEffect } from '../probe/model/judge/removal-effect.ts';
import { findLife } from '../probe/model/life/find-life.ts';
import type { KnownLife, KnownLives } from '../probe/model/life/life.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { placementLines } from '../ui/format/placement-text.ts';
import type { CliContext } from './context.ts';
import { findObject } from './ids.ts';
import { jsonOfPlacement, jsonOfRemoval } from './json.ts';
import { jsonText } from './json-text.ts';
import { jsonOfLife } from './life-json.ts';
import { writeLines } from './pieces.ts';
import { jsonOfObject } from './plain-json.ts';
import { reportError, reportGaps } from './report.ts';
import { showHex } from './show-hex.ts';
import { describeSearch, jsonOfSearch, searchFor } from './show-search.ts';
import { showText } from './show-text.ts';
import { outputWidth, styleFor } from './style.ts';
import { EXIT, UsageError } from './usage.ts';

export interface ShowOptions {
  readonly json?: boolean;
  /** Looks for the name in memory; `yes`: without asking. */
  readonly search?: boolean;
  readonly yes?: boolean;
  /** Where its pages are, and what each holder pays. */
  readonly placement?: boolean;
  readonly hex?: boolean;
  /** Bytes; only with `--hex`. */
  readonly offset?: number;
  readonly length?: number;
  readonly bytes?: boolean;
  readonly minAge: number;
}

/** Exit code 1 when an object is not there or its content could not be read. */
export async function show(context: CliContext, words: readonly string[], options: ShowOptions): Promise<number> {
  if (options.json && options.hex) throw new UsageError('--json and --hex exclude each other: give one of them');
  if (!options.hex && (options.offset !== undefined || options.length !== undefined)) {
    throw new UsageError('--offset and --length belong to --hex: add it');
  }
  if (options.search && options.hex) throw new UsageError('--search and --hex exclude each other: give one of them');
  if (options.yes && !options.search) throw new UsageError('--yes belongs to --search: add it');
  const includeFiles = words.some((word) => word.startsWith('file:'));
  const snapshot = context.sample({ includeFiles, minAgeSec: options.minAge, rss: true, units: true });
  const style = styleFor(context, snapshot.takenAtMs / 1000, options.bytes ? 'exact' : 'iec');
  const known = options.hex ? { lives: [] } : await context.lives();
  let exitCode: number = EXIT.done;
  let separator = '';
  for (const word of words) {
    const found = findObject(snapshot, word, context);
    if ('problem' in found) {
      reportError(context, found.problem);
      exitCode = EXIT.notDone;
      continue;
    }
    const { object } = found;
    const placement = options.placement ? await context.placement(object) : undefined;
    const search = options.search ? await searchFor(context, object, { yes: options.yes ?? false, style }) : undefined;
    const isSearched = search !== undefined && !('problem' in search);
    if (search !== undefined && 'problem' in search) {
      reportError(context, search.problem);
      exitCode = EXIT.notDone;
    }
    if (options.json)
      context.stdout.write(
        `${jsonText({ ...jsonOfShown(object, known), placement: placement && jsonOfPlacement(placement), search: isSearched ? jsonOfSearch(search) : undefined })}\n`,
      );
    else if (options.hex) {
      if (!showHex(context, object, options, separator)) {
        exitCode = EXIT.notDone;
        continue;
      }
    } else {
      context.stdout.write(separator);
      const searched = isSearched ? describeSearch(search, style) : undefined;
      const life = lifeIn(known, object);
      writeLines(
        context.stdout,
        showText(object, snapshot, life, style, outputWidth(context), {
          search: searched,
          placement: placement && placementLines(placement, style),
        }),
      );
    }
    separator = '\n';
  }
  if (options.json) reportGaps(context, snapshot);
  return exitCode;
}

function jsonOfShown(object: ShmObject, known: KnownLives | string) {
  const { life } = lifeIn(known, object);
  return {
    ...jsonOfObject(object),
    removal: jsonOfRemoval(removalEffect(object)),
    life: life && jsonOfLife(life),
  };
}

function lifeIn(known: KnownLives | string, object: ShmObject): KnownLife {
  const { id } = object;
  return typeof known === 'string'
    ? { id, problem: known }
    : { id, watch: known.watch, life: findLife(known.lives, object) };
}
