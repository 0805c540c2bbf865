import { VirtualTerminal, sleep } from '../../test/support/terminal.ts';
const t = new VirtualTerminal('unshare', ['--ipc','--mount','--pid','--fork','--mount-proc','sh','-c','mount -t tmpfs x /dev/shm; node scripts/bench/changing-files.mjs 45 still </dev/tty >/dev/null & exec node dist/main.js'], {columns:200,rows:50, env:{XDG_STATE_HOME:'/tmp/ui-state'}});
await sleep(5000); const r=t.raw.length; await sleep(1200);
console.log(JSON.stringify(t.raw.slice(r)).slice(0,3500)); console.log(t.text().slice(0,3000)); t.close();
