// The process that reads in our place, where a read may take for ever: questions come in on standard input, answers go out on
// standard output, one line each. It knows nothing and decides nothing; it is killed when it does not answer.
import { readSync, writeSync } from 'node:fs';
import { isLibc, loadLibc } from '../../../native/libc.ts';
import { setParentDeathSignal } from '../../../native/prctl.ts';
import { noDebugger } from '../../../process/no-debugger.ts';
import { nativeIo } from '../../source/io-native.ts';
import { openAnswerer } from './answer.ts';
import type { Question } from './question.ts';

const SIGKILL = 9;
const READ_BYTES = 65_536;

noDebugger();
const libc = loadLibc();
if (isLibc(libc)) {
  // Hanging, it would outlive whoever asked.
  setParentDeathSignal(libc, SIGKILL);
  process.title = 'shmtop';
  const [procRoot, kind] = process.argv.slice(2);
  const answer = openAnswerer(nativeIo(libc), libc, procRoot, kind === 'own');
  say({ ready: true });
  for (const line of lines()) {
    const question: Question = JSON.parse(line);
    say(answer(question));
  }
}

function say(value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

/** Until whoever asks has closed his end. */
function* lines(): Generator<string> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let text = '';
  for (;;) {
    const count = readSync(0, buffer);
    if (count === 0) return;
    text += buffer.toString('latin1', 0, count);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield Buffer.from(text.slice(0, end), 'latin1').toString();
      text = text.slice(end + 1);
    }
  }
}
