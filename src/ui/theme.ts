// Colours by meaning. The default needs the sixteen colours of any terminal; every sign can be read without any of them.
import type { Token } from './format/colour.ts';
import type { ThemeName } from './state/state.ts';

export type UiToken =
  | Token
  | 'plain'
  | 'name'
  | 'tab'
  | 'tab-active'
  | 'title-bar'
  | 'column-title'
  | 'column-sorted'
  | 'selected'
  | 'selected-idle'
  | 'match'
  | 'tagged'
  | 'mark-new'
  | 'mark-changed'
  | 'mark-gone'
  | 'group'
  | 'label'
  | 'value'
  | 'meter-low'
  | 'meter-high'
  | 'meter-full'
  | 'meter-rest'
  | 'spark'
  | 'key'
  | 'key-label'
  | 'prompt'
  | 'chip'
  | 'border'
  | 'danger'
  | 'accent';

/** SGR parameters of a token; `''` is plain. */
export type Theme = Readonly<Record<UiToken, string>>;

const DARK: Theme = {
  plain: '',
  'in-use': '32',
  abandoned: '1;91',
  orphaned: '31',
  unheld: '33',
  unknown: '35',
  header: '1',
  title: '1',
  faint: '90',
  good: '32',
  warning: '33',
  bad: '1;91',
  name: '1;30;46',
  tab: '37;100',
  'tab-active': '1;30;47',
  'title-bar': '37;100',
  'column-title': '1;36',
  'column-sorted': '1;4;36',
  selected: '30;46',
  'selected-idle': '97;100',
  match: '1;93',
  tagged: '1;93',
  'mark-new': '1;92',
  'mark-changed': '96',
  'mark-gone': '90',
  group: '1;97',
  label: '36',
  value: '1',
  'meter-low': '32',
  'meter-high': '33',
  'meter-full': '91',
  'meter-rest': '90',
  spark: '34',
  key: '',
  'key-label': '30;46',
  prompt: '1;97',
  chip: '30;43',
  border: '90',
  danger: '1;97;41',
  accent: '1;96',
};

const LIGHT: Theme = {
  ...DARK,
  abandoned: '1;31',
  bad: '1;31',
  name: '1;97;44',
  tab: '30;47',
  'tab-active': '1;97;40',
  'title-bar': '30;47',
  'column-title': '1;34',
  'column-sorted': '1;4;34',
  selected: '97;44',
  'selected-idle': '30;47',
  match: '1;31',
  tagged: '1;35',
  'mark-new': '1;32',
  'mark-changed': '34',
  group: '1;30',
  label: '34',
  'meter-full': '31',
  prompt: '1;30',
  'key-label': '97;44',
  chip: '97;45',
  accent: '1;34',
  orphaned: '31',
  unheld: '33',
  unknown: '35',
};

const HIGH_CONTRAST: Theme = {
  ...DARK,
  'in-use': '1;92',
  abandoned: '1;97;41',
  orphaned: '1;91',
  unheld: '1;93',
  unknown: '1;95',
  faint: '37',
  name: '1;30;107',
  tab: '97;40',
  'tab-active': '1;30;103',
  'title-bar': '97;40',
  'column-title': '1;97;44',
  'column-sorted': '1;93;44',
  selected: '1;30;103',
  'selected-idle': '1;30;107',
  label: '1;97',
  value: '1;97',
  'meter-low': '1;92',
  'meter-high': '1;93',
  'meter-full': '1;91',
  'meter-rest': '37',
  spark: '1;96',
  'key-label': '1;30;107',
  border: '37',
  'mark-gone': '37',
  chip: '1;30;103',
  accent: '1;93',
};

/** Bold, underline and inverse only: for NO_COLOR and for terminals without colours. */
const MONO: Theme = {
  plain: '',
  'in-use': '',
  abandoned: '1',
  orphaned: '',
  unheld: '',
  unknown: '',
  header: '1',
  title: '1',
  faint: '',
  good: '',
  warning: '1',
  bad: '1',
  name: '1;7',
  tab: '',
  'tab-active': '1;7',
  'title-bar': '',
  'column-title': '1',
  'column-sorted': '1;4',
  selected: '7',
  'selected-idle': '1;4',
  match: '1',
  tagged: '1',
  'mark-new': '1',
  'mark-changed': '1',
  'mark-gone': '',
  group: '1',
  label: '',
  value: '1',
  'meter-low': '',
  'meter-high': '',
  'meter-full': '1',
  'meter-rest': '',
  spark: '',
  key: '1',
  'key-label': '7',
  prompt: '1',
  chip: '7',
  border: '',
  danger: '1;7',
  accent: '1',
};

const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: DARK,
  light: LIGHT,
  'high-contrast': HIGH_CONTRAST,
  mono: MONO,
};

/** NO_COLOR beats the theme that was chosen: what is left is bold and inverse. */
export function themeOf(state: { readonly colour: boolean; readonly settings: { readonly theme: ThemeName } }): Theme {
  return state.colour ? THEMES[state.settings.theme] : MONO;
}

/** Text in the colour of its meaning. */
export function tint(theme: Theme, token: UiToken | undefined, text: string): string {
  const sgr = token === undefined ? '' : theme[token];
  return sgr === '' || text === '' ? text : `\x1b[${sgr}m${text}\x1b[m`;
}
