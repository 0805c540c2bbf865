// The order of texts with numbers in them: sysv:9 before sysv:10. A key that compares so by its characters.

/** The key of each row is made once: rows stay the same objects from one sample to the next. */
export function naturalOrder<Row extends object>(read: (row: Row) => string): (row: Row) => string {
  const keys = new WeakMap<Row, string>();
  return (row) => {
    const known = keys.get(row);
    if (known !== undefined) return known;
    const key = naturalKey(read(row));
    keys.set(row, key);
    return key;
  };
}

/** A number becomes a digit, how many digits it has, and these: short, whatever somebody calls his files. */
const naturalKey = (text: string): string =>
  text.replace(/0*(\d+)/g, (_, digits: string) => `0${String.fromCharCode(digits.length)}${digits}`);
