// A child for the tests: answers each event as its text says. With the argument `--broken` it ends at once.
import { createInterface } from "node:readline";

if (process.argv[2] === "--broken") process.exit(3);
if (process.argv[2] === "--mute") setInterval(() => {}, 1000);

const say = (event, more) => process.stdout.write(`${JSON.stringify({ id: event.id ?? null, decision: "allow", ...more })}\n`);
let number = 0;

if (process.argv[2] !== "--mute") {
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    const event = JSON.parse(line);
    const [order, rest] = event.text.split(": ");
    if (order === "die") process.exit(7);
    else if (order === "hang") await new Promise(() => setInterval(() => {}, 1000));
    else if (order === "wait") await new Promise((resolve) => setTimeout(resolve, Number(rest))).then(() => say(event, {}));
    else if (order === "write") process.stdout.write(`${rest}\n`);
    else if (order === "other") say({ id: "of another event" }, {});
    else if (order === "twice") [say(event, {}), say(event, {})];
    else if (order === "unreadable") say({}, { decision: "drop", error: "no event", line: number + Number(rest) });
    else if (order === "pieces") {
      for (const byte of Buffer.from(`${JSON.stringify({ id: event.id, decision: "hold", reason: "grün\u2028👋" })}\n`)) {
        process.stdout.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } else say(event, { reason: event.text, at: event.at, process: process.pid });
  }
}
