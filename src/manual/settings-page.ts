// shmtop.toml(5), and the example that packages lay down: from the table of settings.
import { SETTING_FIELDS } from '../ui/format/setting-fields.ts';
import { display, page, terms, text, word } from './mdoc.ts';

/** `date` as mdoc(7) has it. */
export function settingsPage(date: string): string {
  return page('shmtop.toml', 5, date, 'settings of the dashboard of shmtop', [
    ['DESCRIPTION', text(DESCRIPTION)],
    [
      'SETTINGS',
      terms(
        SETTING_FIELDS.map(({ key, takes, meaning }) => [`Cm ${word(key)}`, `${capital(meaning)}. Takes ${takes}.`]),
      ),
    ],
    [
      'FILES',
      terms([[`Pa ${word('~/.config/shmtop/config.toml')}`, 'Where it is looked for; XDG_CONFIG_HOME is heeded.']]),
    ],
    ['EXAMPLES', display(SETTING_FIELDS.map(({ example }) => example))],
    ['SEE ALSO', '.Xr shmtop 1'],
  ]);
}

/** A file in which nothing is set yet. */
export function settingsExample(): string {
  const parts = SETTING_FIELDS.map(({ takes, meaning, example }) => `# ${capital(meaning)}: ${takes}.\n# ${example}\n`);
  return [
    '# Settings of the dashboard of shmtop: copy to ~/.config/shmtop/config.toml. See shmtop.toml(5).\n',
    ...parts,
  ].join('\n');
}

const DESCRIPTION = `The file is the user's: shmtop reads it and never writes it. What is chosen in the dashboard is remembered elsewhere. Options of the command line count more than what the file says. A file that somebody else could have written is not used, and one line says so; so is each line that makes no sense.`;

const capital = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
