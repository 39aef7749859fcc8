import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { exposed } from '../../deployed.ts';
import { isLocal } from '../../published.ts';
import { claim, rule } from '../../rule.ts';

/** Words of a command that may ask for a password: options, files of settings, scripts and variables of a shell. */
const ASKS =
  /requirepass|aclfile|user\b|--auth|keyfile|security|\.conf\b|\.ya?ml\b|\.cfg\b|--config|^-c$|^-f$|\.sh\b|^(?:ba)?sh$|pass/i;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a server that asks for no password is published',
  why: 'The port is open on every interface of the host, past its firewall rules, and the server lets in whoever connects.',
  remedy: 'Publish no port (services reach each other without), or only on 127.0.0.1; set a password.',
  proof: 'none',
  *check(service) {
    const { server, compose, stack } = service;
    const live = exposed(stack);
    if (server?.openByDefault !== true || live === undefined) return;
    for (const mapping of compose.ports) {
      const target = yield* know(mapping.target);
      const host = yield* know(mapping.hostIp);
      if (!server.ports.some((p) => p.port === target) || isLocal(host)) continue;
      if (told(service)) return;
      const words = wordsOfCommand(service);
      if (compose.command !== undefined && (!words.known || words.value.some((w) => ASKS.test(w)))) return;
      yield claim({
        at: mapping.at,
        title: `${service.name} (${server.name}) is open to the network and asks for no password`,
        subject: service.name,
        severity: live.weigh('warning'),
        because: [
          { kind: 'compose', at: mapping.at, text: `port ${target} is published on every interface` },
          { kind: 'server-table', ref: server.origin.source, text: `${server.name} lets anyone in without settings` },
          ...live.because,
        ],
      });
      return;
    }
  },
});

/** A file of settings or a variable that the image reads may set a password. */
function told({ compose, env, server, unreadVariables }: Service): boolean {
  if (compose.entrypoint !== undefined) return true;
  if (compose.volumes.some((m) => !m.target.fact.known || /conf|\/etc\//.test(m.target.fact.value))) return true;
  // The images of these two read no password from their environment.
  if (server?.name === 'Redis' || server?.name === 'Valkey') return false;
  const given = [...env].some(
    ([name, v]) => v.origin !== 'image' && /PASS|AUTH|USER|SECURITY|TOKEN/i.test(name) && !unreadVariables.has(name),
  );
  return given || compose.environment.open.length > 0;
}
