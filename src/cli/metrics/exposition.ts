// OpenMetrics text (OpenMetrics 1.0, also read as Prometheus text 0.0.4: gauges alone, whose lines are the same in both).

/** One family: all its values stand together. */
export interface Family {
  /** Ends with its unit, where it has one. */
  readonly name: string;
  readonly help: string;
  readonly unit?: 'bytes' | 'seconds';
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Values are text of any origin, fit to show. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Absent: not known, and not written. */
  readonly value: number | undefined;
}

/** A family of one value without labels. */
export const single = (name: string, help: string, value: number | undefined, unit?: Family['unit']): Family => ({
  ...{ name, help, unit },
  samples: [{ value }],
});

/** With the mark of its end. A family of which nothing is known is left out. */
export function spellFamilies(families: readonly Family[]): string {
  return `${families.map(spellFamily).join('')}# EOF\n`;
}

function spellFamily({ name, help, unit, samples }: Family): string {
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const { labels = {}, value } of samples) {
    const series = spellLabels(labels);
    // Twice the same would make a reader refuse all of it.
    if (value === undefined || !Number.isFinite(value) || seen.has(series)) continue;
    seen.add(series);
    lines.push(`${name}${series} ${value}\n`);
  }
  if (lines.length === 0) return '';
  const about = [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
  ];
  return `${about.join('\n')}\n${lines.join('')}`;
}

function spellLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escaped = (text: string) => text.replace(/[\\"\n]/g, (char) => ESCAPES[char] ?? char);
