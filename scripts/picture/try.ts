import { writeFileSync } from 'node:fs';
import { sleep, VirtualTerminal } from '../../test/support/terminal.ts';
import { screenToSvg, svgToPng } from './svg.ts';

const [columns, rows, out, ...keys] = process.argv.slice(2);
const t = new VirtualTerminal(process.execPath, ['/work/wt/ui/dist/main.js'], {
  columns: Number(columns),
  rows: Number(rows),
  env: { XDG_STATE_HOME: '/tmp/ui-state', XDG_CONFIG_HOME: '/tmp/ui-config' },
});
const t0 = Date.now();
await t.until('shmtop').catch((e) => console.log(String(e), t.raw.slice(0, 3000)));
console.log('first frame', Date.now() - t0);
await sleep(1500);
for (const k of keys) {
  t.type(JSON.parse(`"${k}"`));
  await sleep(250);
}
await sleep(800);
console.log(t.text());
console.log('wrapped', t.wrappedLines(), 'raw', t.raw.length, 'exit', t.exitCode);
writeFileSync(out, svgToPng(screenToSvg(t)));
t.close();
