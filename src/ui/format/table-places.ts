// Where the columns of a table stand, for drawing and for clicks on their titles.

export interface TablePlace {
  /** Id of the column. */
  readonly id: string;
  readonly x: number;
  readonly width: number;
}

/** The column whose title, or the gap behind it, is at `x`. */
export function tableColumnAt(places: readonly TablePlace[], x: number): string | undefined {
  return places.findLast((place) => x >= place.x)?.id;
}
