// What the single executable carries in itself. Its loader (scripts/package/loader.cjs) says so before anything else runs; installed
// as a package, the program finds the same things in files beside it.

export interface SingleFile {
  /** What process.dlopen takes for koffi's binary: no name that anybody else could give to something. Undefined: it could not be had. */
  readonly koffiPath: () => string | undefined;
  /** The text of a thread, by the name of its entry in scripts/bundle.mjs. */
  readonly threadCode: (name: string) => string;
  /** What the executable has to be started with to be the process of that name. */
  readonly processArgs: (name: string) => readonly string[];
}

declare global {
  // A global is declared with `var`, or it is none.
  var shmtopSingleFile: SingleFile | undefined;
}

/** Undefined where the program is made of files. */
export function singleFile(): SingleFile | undefined {
  return globalThis.shmtopSingleFile;
}

/** What the program that runs was started with, options of Node first and its own name left out: with these it starts anew. */
export function ownArgs(): readonly string[] {
  // The single executable has its options of Node in itself, and would take them for ours; instead of a script its name is repeated.
  return singleFile() ? process.argv.slice(2) : [...process.execArgv, ...process.argv.slice(1)];
}
