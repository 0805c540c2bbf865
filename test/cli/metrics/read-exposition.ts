// Reads OpenMetrics text as strictly as its grammar (OpenMetrics 1.0, ABNF): throws for anything that is not of it.

export interface Read {
  readonly unit?: string;
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';

export function readExposition(text: string): Map<string, Read> {
  if (!text.endsWith('\n# EOF\n') && text !== '# EOF\n') throw new Error('does not end with # EOF');
  const families = new Map<string, Read>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, word, name = '', rest = ''] = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.*)$`).exec(line) ?? [];
    if (word === 'TYPE') {
      if (rest !== 'gauge' || families.has(name)) throw new Error(`not a new gauge: ${line}`);
      families.set(name, { samples: [] });
      current = name;
    } else if (word !== undefined) {
      if (name !== current || families.get(name)?.samples.length !== 0) throw new Error(`out of its place: ${line}`);
      if (word === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`a name without its unit: ${line}`);
      if (word === 'UNIT') families.set(name, { unit: rest, samples: [] });
      if (word === 'HELP' && /\\[^\\n"]|\\$/.test(rest.replaceAll('\\\\', '')))
        throw new Error(`an odd escape: ${line}`);
    } else families.get(current)?.samples.push(readSample(line, current, seen));
  }
  return families;
}

function readSample(line: string, family: string, seen: Set<string>): Read['samples'][number] {
  const form = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)$`);
  const [, name, labels = '', value] = form.exec(line) ?? [];
  if (name !== family) throw new Error(`no value of ${family}: ${line}`);
  if (seen.has(`${name}{${labels}`)) throw new Error(`twice: ${line}`);
  seen.add(`${name}{${labels}`);
  const pairs = Array.from(labels.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g), ([, label = '', text = '']) => [
    label,
    text.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char)),
  ]);
  return { labels: Object.fromEntries(pairs), value: Number(value) };
}
