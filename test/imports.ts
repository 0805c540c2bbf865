// What the source files import, as text: type imports count too, they are dependencies of the reader.
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** Paths below src. */
export const sourceFiles: readonly string[] = globSync('**/*.{ts,tsx}', { cwd: source });

export interface Import {
  readonly from: string;
  readonly to: string;
  readonly isLazy: boolean;
  /** Gone from the program, but not from what a reader must know. */
  readonly isType: boolean;
}

/** Imports of a source file; relative ones as paths below src. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  const found = [
    ...Array.from(text.matchAll(/^(?:import|export)\b( type\b)?[^'";]*?from '([^']+)'/gms), ([, type, to]) => ({
      to,
      isLazy: false,
      isType: type !== undefined,
    })),
    ...Array.from(text.matchAll(/^import '([^']+)'/gm), ([, to]) => ({ to, isLazy: false, isType: false })),
    ...Array.from(text.matchAll(/\b(?:import|require|require_)\('([^']+)'\)/g), ([, to]) => ({
      to,
      isLazy: true,
      isType: false,
    })),
  ];
  return found.map(({ to = '', isLazy, isType }) => ({
    from: file,
    to: to.startsWith('.') ? normalize(join(dirname(file), to)) : builtinModules.includes(to) ? `node:${to}` : to,
    isLazy,
    isType,
  }));
}

/** Groups of files each of which imports all others of its group, by whatever way. */
export function circlesAmong(imports: readonly Pick<Import, 'from' | 'to'>[]): string[][] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const reached = new Map<string, ReadonlySet<string>>();
  for (const file of targets.keys()) {
    const seen = new Set<string>();
    const visit = (from: string) => {
      for (const { to } of targets.get(from) ?? []) {
        if (seen.has(to)) continue;
        seen.add(to);
        visit(to);
      }
    };
    visit(file);
    reached.set(file, seen);
  }
  const inCircles = [...reached].filter(([file, seen]) => seen.has(file)).map(([file]) => file);
  const groups = inCircles.map((file) =>
    inCircles.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)).sort(),
  );
  return [...new Map(groups.map((group) => [group.join(' '), group])).values()];
}
