// logind.conf(5) as far as RemoveIPC= goes: whether what a user left in shared memory is deleted when his last session ends.

/** Of files in the order in which they are read: the last assignment counts, an empty one is the default. Undefined: none. */
export function removeIpcOf(texts: readonly string[]): boolean | undefined {
  let value: boolean | undefined;
  for (const text of texts) {
    let isLogin = false;
    for (const line of text.split('\n')) {
      const section = /^[ \t]*\[([^\]]*)\][ \t]*$/.exec(line)?.[1];
      if (section !== undefined) isLogin = section === 'Login';
      const given = isLogin ? /^[ \t]*RemoveIPC[ \t]*=[ \t]*(\S*)[ \t]*$/.exec(line)?.[1]?.toLowerCase() : undefined;
      if (given === undefined) continue;
      if (given === '') value = undefined;
      else if (YES.has(given)) value = true;
      else if (NO.has(given)) value = false;
    }
  }
  return value;
}

/** parse_boolean() of systemd (src/basic/parse-util.c). */
const YES: ReadonlySet<string> = new Set(['1', 'yes', 'y', 'true', 't', 'on']);
const NO: ReadonlySet<string> = new Set(['0', 'no', 'n', 'false', 'f', 'off']);

/**
 * Is a user spared? logind removes nothing of root, of system users and of those that systemd makes for a service
 * (user_finalize in src/login/logind-user.c; uid_is_system, uid_is_dynamic in src/basic/uid-classification.c).
 */
export const isSpared = (uid: number): boolean => uid <= LAST_SYSTEM || (uid >= FIRST_DYNAMIC && uid <= LAST_DYNAMIC);

const LAST_SYSTEM = 999;
const FIRST_DYNAMIC = 61_184;
const LAST_DYNAMIC = 65_519;
