// A rolldown plugin: Yoga (Ink's layout) is compiled when it is loaded, instead of being waited for. A CommonJS module cannot wait at
// its top level (`await loadYoga()`); compiling the 90 KB takes 2 ms.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(
  import.meta.resolve('yoga-layout').replace(/src\/index\.js$/, 'binaries/yoga-wasm-base64-esm.js'),
);
const DATA = /(data:application\/octet-stream;base64,)([A-Za-z0-9+/=]+)/;
const WAITED = 'wrapAssembly(await loadYoga())';

export function syncYoga() {
  return {
    name: 'sync-yoga',
    transform: {
      filter: { id: /yoga-layout\/dist\/(src\/index|binaries\/yoga-wasm-base64-esm)\.js$/ },
      handler(code, id) {
        if (id === BINARY) return { code: code.replace(DATA, '$1'), map: null };
        if (!code.includes(WAITED)) throw new Error('yoga-layout loads its binary in another way than it did');
        return { code: code.replace(WAITED, compiled()), map: null };
      },
    },
  };
}

/** Emscripten's `instantiateWasm`: the module object is whole when loadYoga returns, its promise has only to tell so. */
function compiled() {
  const [, , base64] = DATA.exec(readFileSync(BINARY, 'utf8')) ?? [];
  if (base64 === undefined) throw new Error('yoga-layout carries its binary in another way than it did');
  return `wrapAssembly((() => {
    const yoga = {
      instantiateWasm(imports, done) {
        done(new WebAssembly.Instance(new WebAssembly.Module(Buffer.from('${base64}', 'base64')), imports));
        return {};
      },
    };
    loadYoga(yoga);
    return yoga;
  })())`;
}
