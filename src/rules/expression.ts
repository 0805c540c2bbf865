// Expressions that a person wrote into config.toml: held against the same laws as those of the built-in table, since names that others
// choose are matched with them at every tick.

import { countTopLevelAlternatives, literalStart } from '../probe/model/judge/expression-start.ts';

/** Nobody needs longer ones. */
const MOST_CHARS = 500;
const MOST_MS = 5;
/**
 * Places where a match may go one way or another. With more of them already short names could take for ever, and then no trial could
 * tell so.
 */
const MOST_CHOICES = 16;
/** From short to long: what grows exponentially is found before it takes for ever. */
const LENGTHS = [4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 64, 255, 4095];
const FILLERS = ['a', '0', 'A', '_', '-', '.', ' ', '\n', '\xff', 'ab.', '0_', 'f.', 'a/', '..', '0 '];

/** Why it is not used, in words that follow its name; undefined: it may be. `nowMs` is a clock that only goes forward. */
export function objectionTo(source: string, nowMs: () => number): string | undefined {
  if (source.length > MOST_CHARS) return `is longer than ${MOST_CHARS} characters`;
  if (!source.startsWith('^') || !/(?<!\\)(?:\\\\)*\$$/.test(source)) return 'has to begin with ^ and to end with $';
  if (countTopLevelAlternatives(source) !== 1) return 'needs parentheses around a|b, or ^ and $ hold for one side only';
  if (/\)[*+{]/.test(source)) return 'repeats a group, which may take for ever: only (…)? is understood';
  if (countChoices(source) > MOST_CHOICES)
    return `has more than ${MOST_CHOICES} of * + ? {} and |, which may take for ever`;
  if (/\\(?:[1-9]|k<)/.test(source)) return 'refers back to a group, which may take for ever';
  try {
    return isFast(new RegExp(source), source, nowMs)
      ? undefined
      : 'takes too long for some names: give limits, {1,40} for *';
  } catch {
    return 'is no regular expression of JavaScript'; // SyntaxError
  }
}

function isFast(expression: RegExp, source: string, nowMs: () => number): boolean {
  const starts = ['', literalStart(source)];
  for (const length of LENGTHS) {
    for (const start of starts) {
      for (const filler of FILLERS) {
        const text = (start + filler.repeat(length)).slice(0, length);
        for (const hostile of [text, `${text.slice(0, -1)}\n`]) if (isSlow(expression, hostile, nowMs)) return false;
      }
    }
  }
  return true;
}

/** A thread that was not given its turn is no slow expression: what was slow is asked again. */
function isSlow(expression: RegExp, text: string, nowMs: () => number): boolean {
  for (let round = 0; round < 3; round++) {
    const startedMs = nowMs();
    expression.test(text);
    if (nowMs() - startedMs < MOST_MS) return false;
  }
  return true;
}

/** Repetitions of any number of times, and alternatives. What is escaped or in a class counts as well where it looks like one. */
const countChoices = (source: string): number => source.match(/[*+|]|(?<!\()\?|\{\d*,\d*\}/g)?.length ?? 0;
