#!/usr/bin/env node
// Times the stand-in for the seed's detector over files of messages and prints one JSON object a file:
//   node benches/peers/bench.mjs [--ascii] [--batches N] [--min-ms N] FILE...
// With --ascii only the messages that are all ASCII.
// A line is a message, or, in a `.jsonl` file, an object with `text`. Exit 1: a file is unreadable. 2: misuse.

import { readFileSync } from 'node:fs';
import { checkJailbreak, forgetSenders, FAMILIES } from './seed.mjs';

function fail(code, message) {
  process.stderr.write(`bench.mjs: ${message}\n`);
  process.exit(code);
}

function options(argv) {
  const read = { ascii: false, batches: 15, 'min-ms': 200, files: [] };
  for (let i = 0; i < argv.length; i += 1) {
    const name = argv[i].replace(/^--/, '');
    if (argv[i] === '--batches' || argv[i] === '--min-ms') {
      i += 1;
      read[name] = Number(argv[i]);
      if (!(read[name] > 0)) fail(2, `--${name} wants a number above 0`);
    } else if (argv[i] === '--ascii') read.ascii = true;
    else if (argv[i].startsWith('--')) fail(2, `unknown option ${argv[i]}`);
    else read.files.push(argv[i]);
  }
  if (read.files.length === 0) fail(2, 'usage: node bench.mjs [--ascii] [--batches N] [--min-ms N] FILE...');
  return read;
}

function messages(file, ascii) {
  let lines;
  try {
    lines = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
  } catch (error) {
    fail(1, `cannot read ${file}: ${error.code}`);
  }
  const texts = file.endsWith('.jsonl') ? lines.map((line) => JSON.parse(line).text) : lines;
  // A line cut from the file's string shares its two-byte representation; a message from the wire has one of its own.
  const kept = ascii ? texts.filter((text) => /^[\x00-\x7f]*$/.test(text)) : texts;
  return kept.map((text) => Buffer.from(text, 'utf8').toString('utf8'));
}

let nextSender = 0;
let blocked = 0;

/** Runs all messages `rounds` times, each as a sender of its own, or escalation would block what the patterns pass. */
function run(texts, rounds) {
  for (let round = 0; round < rounds; round += 1) {
    for (const text of texts) {
      nextSender += 1;
      if (checkJailbreak(`sender-${nextSender}`, text).blocked) blocked += 1;
    }
  }
}

function time(texts, rounds) {
  forgetSenders();
  const start = process.hrtime.bigint();
  run(texts, rounds);
  return Number(process.hrtime.bigint() - start) / (rounds * texts.length);
}

function measure(file, { ascii, batches, 'min-ms': minMs }) {
  const texts = messages(file, ascii);
  if (texts.length === 0) fail(1, `${file} holds no message`);
  // Warm-up: until the compiler has settled; it also tells how many rounds fill a batch.
  let rounds = 1;
  for (const end = Date.now() + 2 * minMs; Date.now() < end; ) {
    const started = Date.now();
    run(texts, rounds);
    const took = Date.now() - started;
    if (took < minMs) rounds = Math.max(rounds + 1, Math.ceil((rounds * minMs) / Math.max(took, 1)));
  }
  rounds = Math.max(1, Math.min(rounds, Math.ceil(100_000 / texts.length)));
  blocked = 0;
  run(texts, 1);
  const found = blocked;
  const samples = Array.from({ length: batches }, () => time(texts, rounds)).sort((a, b) => a - b);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
  return {
    file,
    messages: texts.length,
    mean_bytes: Math.round(bytes),
    blocked: found,
    batches,
    messages_per_batch: rounds * texts.length,
    median_ns: Math.round(samples[Math.floor(samples.length / 2)]),
    min_ns: Math.round(samples[0]),
    node: process.version,
    patterns: Object.values(FAMILIES).flat().length,
  };
}

const read = options(process.argv.slice(2));
for (const file of read.files) process.stdout.write(`${JSON.stringify(measure(file, read))}\n`);
