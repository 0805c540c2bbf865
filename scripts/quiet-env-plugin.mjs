// A rolldown plugin: packages that are bundled find an empty environment, whatever the one who starts the program has set.
// Ink, chalk and the like look there for DEV, CI, INK_SCREEN_READER, FORCE_COLOR, TERM …: a stack trace on the screen, no rows, or
// code of another package loaded. What is ours to heed we read ourselves.
const FORMS = [
  // process.env.DEV, process.env['DEV']
  [/\b(?:globalThis\.)?process\??\.env(?:\??\.[A-Za-z_]\w*|\[(['"])\w+\1\])(?!\s*=[^=])/g, 'undefined'],
  // process.env as a whole
  [/\b(?:globalThis\.)?process\??\.env\b/g, '({})'],
  // const {env} = process, let { env, stdout } = process
  [/\b(const|let|var)\s*\{([^{}]*\benv\b[^{}]*)\}\s*=\s*process\b(?!\.)/g, taken],
  // import process, {env, cwd} from 'node:process'
  [/\bimport\s+([^;'"]*\{[^}]*\benv\b[^}]*\}[^;'"]*)from\s*(['"])(?:node:)?process\2/g, imported],
];

export function quietEnv() {
  return {
    name: 'quiet-env',
    transform: {
      filter: { id: /node_modules/, code: /\benv\b/ },
      handler(code) {
        const plain = code.replaceAll('process.env.NODE_ENV', '"production"');
        return { code: FORMS.reduce((text, [form, instead]) => text.replace(form, instead), plain), map: null };
      },
    },
  };
}

/** The other names as before; `env` is an empty object under its name. */
function taken(_, keyword, names) {
  const { local, others } = split(names, ':');
  return `${keyword} {${others}} = process, ${local} = {}`;
}

function imported(_, names, quote) {
  const { local, others } = split(names, ' as ');
  return `const ${local} = {}; import ${others}from ${quote}node:process${quote}`;
}

function split(names, rename) {
  const pattern = new RegExp(`\\benv\\b(?:\\s*${rename.trim()}\\s*([\\w$]+))?\\s*,?`);
  const [, local = 'env'] = pattern.exec(names) ?? [];
  return { local, others: names.replace(pattern, '') };
}
