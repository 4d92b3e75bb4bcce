// The plugin's entry: registers everything, and nothing else.

import { Client } from "./client.ts";
import { Delivery } from "./delivery.ts";
import { Gate } from "./gate.ts";
import { inbound } from "./hooks/inbound.ts";
import { replies } from "./hooks/replies.ts";
import { tools } from "./hooks/tools.ts";
import type { Host } from "./host.ts";
import { origins } from "./origin.ts";
import { posture } from "./posture.ts";
import { Releases } from "./releases.ts";
import { settingsOf } from "./settings.ts";
import type { Settings } from "./settings.ts";

const id = "sluicegate";
const description = "Check the connection to Sluicegate and the settings that it relies on";

/** INVARIANT: does not throw. A plugin that cannot be registered is left out, and then everything passes. */
function register(host: Host): void {
  const settings = settingsOf(host.pluginConfig);
  const client = new Client(settings);
  const known = origins();
  const delivery = new Delivery(host, known, settings);
  const gate = new Gate(client, settings, host.logger, (text) => void delivery.notice(text));
  const parts = { host, gate, origins: known, delivery, settings };

  inbound(parts);
  replies(parts);
  tools(parts, client);

  try {
    conveniences(host, client, settings, new Releases(client, delivery, host.logger));
  } catch (error) {
    host.logger.error(`sluicegate: the gate stands, but not all of its commands: ${(error as Error).message}`);
  }
}

/** Everything but the gate itself. */
function conveniences(host: Host, client: Client, settings: Settings, releases: Releases): void {
  host.registerService({
    id: "sluicegate-releases",
    start: () => {
      if (settings.deliverReleased) releases.start();
    },
    stop: () => releases.stop(),
  });

  const look = () => posture(client, settings, host.config);
  host.registerCli(
    ({ program }) => {
      const check = program.command(id).description(description).command("check");
      check.description("Say what is as it should be and what is not; exit code 1 if anything critical is not");
      check.action(async () => {
        const findings = await look();
        for (const { severity, title, detail, remediation } of findings) {
          console.log(`${severity === "info" ? "ok" : severity}: ${title} (${detail})`);
          if (remediation !== undefined) console.log(`    ${remediation}`);
        }
        if (findings.some((finding) => finding.severity === "critical")) process.exitCode = 1;
        client.close();
      });
    },
    { descriptors: [{ name: id, description, hasSubcommands: true }] },
  );
}

export default {
  id,
  name: "Sluicegate",
  description: "Asks Sluicegate about every message, reply, tool call and tool result: allow, drop or hold.",
  register,
};
