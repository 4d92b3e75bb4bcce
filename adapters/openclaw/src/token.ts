// The bearer token's file. It is read anew when Sluicegate refuses the token, since the owner may have made a new one.

import { readFileSync, statSync } from "node:fs";

/** Reads the token. Throws with what to do where it cannot be used. */
export function readToken(file: string): string {
  const advice = "write it with: umask 077; sluicegate keys token gateway > FILE";
  if (file === "") throw new Error(`\`tokenFile\` is not set: name a file with the bearer token; ${advice}`);
  let mode: number;
  let text: string;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(`the token file cannot be read (${(error as NodeJS.ErrnoException).code}): ${file}; ${advice}`);
  }
  if ((mode & 0o077) !== 0) throw new Error(`others may read the token file: chmod 600 ${file}`);
  if (text === "" || /\s/.test(text)) throw new Error(`the token file does not hold one token: ${file}; ${advice}`);
  return text;
}
