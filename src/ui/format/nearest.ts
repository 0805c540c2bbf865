// What somebody may have meant by a word that is none.

/** The candidate that the fewest single changes turn into the text, if it is a slip and not another word. Case does not matter. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const typed = text.slice(0, LONGEST).toLowerCase();
  const ranked = candidates.map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }));
  const [best] = ranked.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(text.length / 3)) ? best.candidate : undefined;
}

/** No word of ours is as long; the comparison costs the product of both lengths. */
const LONGEST = 40;

/** Damerau-Levenshtein (optimal string alignment): inserted, missing, wrong and swapped letters. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const ways = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1)];
      row.push(Math.min(...ways, isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], place: number) => row[place] ?? Number.POSITIVE_INFINITY;
