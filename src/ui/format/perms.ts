// Permission bits: octal as ipcs(1) prints them, and the letters of ls(1).

/** `640` -> `rw-r-----`; absent where it is not octal. */
export function formatPermissionLetters(octal: string): string | undefined {
  if (!/^[0-7]{1,5}$/.test(octal)) return undefined;
  const bits = Number.parseInt(octal, 8);
  let letters = '';
  for (let shift = 6; shift >= 0; shift -= 3) {
    const triple = bits >> shift;
    letters += (triple & 4 ? 'r' : '-') + (triple & 2 ? 'w' : '-') + (triple & 1 ? 'x' : '-');
  }
  return letters;
}
