// A rolldown plugin: modules of Node are taken as they are, instead of being imported.
// An import of one makes Node read each of its exports once, getters too: `node:process` opens all three standard streams that
// way, `node:fs` loads its streams, `node:util` its colours. Together that cost 15 ms at every start.
const IMPORT = /^import (.+) from "(node:[\w/]+)";$/gm;

export function plainBuiltins() {
  return {
    name: 'plain-builtins',
    renderChunk: (code) => ({ code: code.replace(IMPORT, (_, names, module) => taken(names, module)), map: null }),
  };
}

/** `fs`, `* as fs`, `{ a, b as c }`, `fs, { a }`: the default export of a builtin is the module itself. */
function taken(names, module) {
  const from = `process.getBuiltinModule("${module}")`;
  const [, whole, braces] = /^(?:(?:\* as )?([\w$]+))?(?:, )?(\{.*\})?$/.exec(names) ?? [];
  if (whole === undefined && braces === undefined)
    throw new Error(`an import of ${module} is not understood: ${names}`);
  const parts = [whole, braces?.replaceAll(' as ', ': ')].filter((part) => part !== undefined);
  return parts.map((part) => `const ${part} = ${from};`).join(' ');
}
