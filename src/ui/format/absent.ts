// The one word that stands for "unknown or never" wherever a person reads.

export const ABSENT = '-';
