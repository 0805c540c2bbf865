// First in the single executable, in each of its processes and threads: runs the programs that lie in it.
// Nothing is read from any folder, and no setting is looked at. A thread is started with its name and koffi's path.
'use strict';
((entryOfThread, koffiOfThread) => {
  const { getRawAsset, getAsset } = process.getBuiltinModule('node:sea');
  const { readdirSync, readlinkSync, closeSync } = process.getBuiltinModule('node:fs');
  const { Script } = process.getBuiltinModule('node:vm');

  const PROCESS = '--shmtop-process=';
  /** As scripts/package/start-x64.s names it. */
  const MEMORY_FILE = '/memfd:shmtop-koffi (deleted)';
  const caches = new Set(JSON.parse(getAsset('caches', 'utf8')));
  const loaded = new Map();
  const scripts = new Map();

  /** Asked for by the name of its file in the bundle: `main.js`, `chunks/app-….js`. */
  function load(key) {
    const known = loaded.get(key);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(key, module);
    const script = new Script(Buffer.from(getRawAsset(key)).utf8Slice(), {
      filename: `/shmtop/${key}`,
      cachedData: caches.has(key) ? Buffer.from(getRawAsset(`${key}.cache`)) : undefined,
    });
    scripts.set(key, script);
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const require = (name) => {
      if (!name.startsWith('.')) return builtin(name);
      return load(name.startsWith('./') ? folder + name.slice(2) : name.slice(3));
    };
    script.runInThisContext()(module.exports, require, module, `/shmtop/${key}`);
    return module.exports;
  }

  function builtin(name) {
    const found = process.getBuiltinModule(name);
    if (found) return found;
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  }

  /** The descriptor of the memory file that start-x64.s filled. Another one of that name would come from whoever started us: then neither. */
  function memoryFile() {
    const found = readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === MEMORY_FILE;
      } catch {
        return false; // ENOENT: the descriptor of the folder itself
      }
    });
    return found.length === 1 ? found[0] : undefined;
  }

  let koffi = koffiOfThread;
  let isSought = entryOfThread !== undefined;
  function koffiPath() {
    if (isSought) return koffi;
    isSought = true;
    let fd;
    try {
      fd = memoryFile();
    } catch {
      return undefined; // ENOENT, EACCES: without /proc
    }
    if (fd === undefined) return undefined;
    koffi = `/proc/self/fd/${fd}`;
    // Mapped once, the dynamic loader knows it by this name in every thread, and the descriptor is closed: it would be an object that
    // we hold.
    try {
      process.dlopen({ exports: {} }, koffi);
    } catch {
      koffi = undefined; // ERR_DLOPEN_FAILED
    }
    closeSync(Number(fd));
    return koffi;
  }

  /** Called at the end of this text. */
  const CALL = /\(undefined, undefined\);\s*$/;
  globalThis.shmtopSingleFile = {
    koffiPath,
    threadCode: (name) => {
      const words = [name, koffiPath()].map((word) => JSON.stringify(word));
      return getAsset('loader', 'utf8').replace(CALL, () => `(${words.join(', ')});`);
    },
    processArgs: (name) => [`${PROCESS}${name}`],
  };

  let entry = entryOfThread ?? 'main';
  if (entryOfThread === undefined && process.argv[2]?.startsWith(PROCESS)) {
    const [, name] = process.argv.splice(2, 1)[0].split('=');
    if (name === 'load-worker' || name === 'asker') entry = name;
  }
  load(`${entry}.js`);
})(undefined, undefined);
