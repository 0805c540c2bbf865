// The one word that stands for "unknown or never" wherever a person reads.

export const ABSENT = '-';

/** Does a cell say nothing? Decides whether an optional column is worth its room. */
export const isBlank = (text: string) => text === ABSENT || text === '';
