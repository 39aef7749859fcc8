import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a server that asks for no password is published',
  why: 'The port is open on every interface of the host, past its firewall rules, and the server lets in whoever connects.',
  remedy: 'Publish no port (services reach each other without), or only on 127.0.0.1; set a password.',
  proof: 'none',
  *check(service) {
    const { server, compose, stack } = service;
    if (server?.openByDefault !== true || !stack.production) return;
    for (const mapping of compose.ports) {
      const target = yield* know(mapping.target);
      const host = yield* know(mapping.hostIp);
      if (!server.ports.some((p) => p.port === target) || /^(127\.|::1|\[::1\]|localhost)/.test(host)) continue;
      // A command, a file of settings or a variable may set a password.
      const told =
        compose.command !== undefined ||
        compose.entrypoint !== undefined ||
        compose.volumes.some((m) => !m.target.fact.known || /conf|\/etc\//.test(m.target.fact.value));
      const given = [...service.env].some(
        ([name, v]) => v.origin !== 'image' && /PASS|AUTH|USER|SECURITY|TOKEN/i.test(name),
      );
      if (told || given || compose.envFiles.length > 0) return;
      yield claim({
        at: mapping.at,
        title: `${service.name} (${server.name}) is open to the network and asks for no password`,
        subject: service.name,
        because: [
          { kind: 'compose', at: mapping.at, text: `port ${target} is published on every interface` },
          { kind: 'server-table', ref: server.origin.source, text: `${server.name} lets anyone in without settings` },
        ],
      });
      return;
    }
  },
});
