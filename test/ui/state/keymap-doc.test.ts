import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keysMarkdown } from '../../../src/ui/state/keymap-doc.ts';

test('the keys in README are those of the keymap (npm run doc:keys writes them)', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(keysMarkdown({ isReadOnly: false, remove: true, load: true }));
});
