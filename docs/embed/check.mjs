// Sluicegate as a child process of a Node gateway: one event a line in, one verdict a line out, in the same order.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const gate = spawn("sluicegate", ["check", "--json", "-"], { stdio: ["pipe", "pipe", "inherit"] });
const verdicts = createInterface({ input: gate.stdout })[Symbol.asyncIterator]();

async function check(event) {
  gate.stdin.write(JSON.stringify({ at: Date.now(), ...event }) + "\n");
  return JSON.parse((await verdicts.next()).value); // throws when the gate has gone: without a verdict nothing passes
}

const verdict = await check({ id: "m1", channel: "telegram", sender: { id: "@ada" }, text: process.argv[2] ?? "hello" });
console.log(`${verdict.id} ${verdict.decision} ${verdict.reason}`);
gate.stdin.end();
