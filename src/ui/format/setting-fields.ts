// The keys of config.toml: what each takes and means, for the manual. What the program understands of them is src/ui/settings-file.ts,
// and a test holds the two together.

export interface SettingField {
  readonly key: string;
  /** As it is written in TOML. */
  readonly takes: string;
  readonly meaning: string;
  /** A line that is valid, and says what is so without it. */
  readonly example: string;
}

export const SETTING_FIELDS: readonly SettingField[] = [
  {
    key: 'theme',
    takes: '"dark", "light", "high-contrast" or "mono"',
    meaning: 'colours of the dashboard',
    example: 'theme = "dark"',
  },
  {
    key: 'interval',
    takes: 'seconds, or text such as "10s"; 0.1 to 3600',
    meaning: 'time between two looks',
    example: 'interval = 1',
  },
  {
    key: 'columns',
    takes: 'a list of column names',
    meaning: 'columns of the table of objects, in this order; unless given, those that fit',
    example: 'columns = ["verdict", "id", "size", "mem", "user", "holders", "age", "what"]',
  },
  {
    key: 'mouse',
    takes: 'true or false',
    meaning: 'wheel, click and click on a title; the terminal then selects text only with Shift',
    example: 'mouse = false',
  },
  { key: 'follow', takes: 'true or false', meaning: 'keep the selected row in sight', example: 'follow = false' },
  { key: 'meters', takes: 'true or false', meaning: 'the meters above the table', example: 'meters = true' },
  {
    key: 'read_only',
    takes: 'true or false',
    meaning: 'bind no key that changes the machine',
    example: 'read_only = false',
  },
  { key: 'ascii', takes: 'true or false', meaning: 'no letters beyond ASCII', example: 'ascii = false' },
  { key: 'all', takes: 'true or false', meaning: 'shared mappings of ordinary files too', example: 'all = false' },
  {
    key: 'min_age',
    takes: 'seconds, or text such as "10m"',
    meaning: 'do not call abandoned what was used less than this ago',
    example: 'min_age = "60s"',
  },
  {
    key: 'confirm',
    takes: '"countdown" or "ask"',
    meaning: 'whether what is abandoned goes three seconds after one key, or after a question',
    example: 'confirm = "countdown"',
  },
];
