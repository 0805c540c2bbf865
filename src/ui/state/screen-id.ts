// The screens by name, in the order of their tabs, each with its list as it is at the start. What a screen is stands in
// screens.ts, what it draws in ../draw/screens.ts: the compiler asks both for every name here.
import { type ListState, NEW_LIST } from './list.ts';

export const NEW_LISTS = {
  objects: NEW_LIST,
  processes: NEW_LIST,
  events: NEW_LIST,
  throughput: NEW_LIST,
  where: NEW_LIST,
  ceilings: NEW_LIST,
} as const satisfies Readonly<Record<string, ListState>>;

export type ScreenId = keyof typeof NEW_LISTS;
