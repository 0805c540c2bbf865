// The database that Node brings along (node:sqlite, from 22.13), loaded without the warning that it may change.
import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;
export type OpenDatabase = typeof DatabaseSync;

/** Undefined where this Node has none (before 22.13, or built without). Node warns when it is loaded: nothing for a terminal. */
export function loadSqlite(): OpenDatabase | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite')?.DatabaseSync;
  } catch {
    return undefined; // ERR_UNKNOWN_BUILTIN_MODULE
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Of what SQLite throws: its result code (sqlite.org/rescode.html) without the extension, and its words. */
export function sqliteFault(error: unknown): { readonly code: number; readonly words: string } {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : Number.NaN;
  const words = error instanceof Error ? error.message : String(error);
  return { code: Number.isInteger(code) ? code & 0xff : -1, words };
}

/** The file is damaged, or no database at all. */
export const isDamage = ({ code }: { readonly code: number }): boolean =>
  code === SQLITE.CORRUPT || code === SQLITE.NOTADB;

const SQLITE = { CORRUPT: 11, NOTADB: 26 } as const;
