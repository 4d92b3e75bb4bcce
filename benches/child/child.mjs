#!/usr/bin/env node
// Times events that go to `sluicegate check --json -` as a child process and come back as verdicts, one after the other:
//   node benches/child/child.mjs [COUNT]        (default 20000; the program is `$SLUICEGATE` or target/release/sluicegate)
// Prints one JSON object: the median and the 99th percentile of an event there and back, in microseconds.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const count = Number(process.argv[2] ?? 20000);
const program = process.env.SLUICEGATE ?? 'target/release/sluicegate';
const lines = readFileSync(new URL('../inputs/benign-200.txt', import.meta.url), 'utf8').split('\n').filter(Boolean);
const gate = spawn(program, ['check', '--json', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
const verdicts = createInterface({ input: gate.stdout })[Symbol.asyncIterator]();

const times = [];
for (let i = 0; i < count + 1000; i += 1) {
  const event = { id: `m${i}`, at: Date.now(), channel: 'telegram', sender: { id: '@ada' }, text: lines[i % lines.length] };
  const start = process.hrtime.bigint();
  gate.stdin.write(JSON.stringify(event) + '\n');
  const verdict = JSON.parse((await verdicts.next()).value);
  const time = Number(process.hrtime.bigint() - start);
  if (verdict.id !== event.id) throw new Error(`the verdict on ${event.id} is one on ${verdict.id}`);
  if (i >= 1000) times.push(time); // the first thousand warm everything up
}
gate.stdin.end();
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.floor(times.length * share)] / 100) / 10;
console.log(JSON.stringify({ client: 'node', events: times.length, median_us: at(0.5), p99_us: at(0.99) }));
