// /etc/passwd and /etc/group: numbers to names (passwd(5), group(5)).

/** Maps the third field to the first; the first line of a number wins, as in getpwuid(3). Lines of another form are skipped. */
export function parseNames(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':', 3);
    if (!name || !/^\d+$/.test(id ?? '') || names.has(Number(id))) continue;
    names.set(Number(id), name);
  }
  return names;
}
