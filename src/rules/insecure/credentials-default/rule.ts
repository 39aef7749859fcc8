import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

/** What the whole world tries first. */
const GUESSED =
  /^(postgres|root|admin|administrator|password|passw0rd|secret|changeme|change_me|example|test|user|guest|minioadmin|mysql|mongo|redis|rabbitmq|123456|12345678|1234|qwerty|letmein)$/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a server with a password that everybody knows is published',
  why: 'The port is open on every interface of the host (the engine opens the firewall for it), and programs all over the world try these passwords all day.',
  remedy: 'Publish no port of a database, or only on 127.0.0.1; take the password from a secret.',
  proof: 'none',
  *check(service) {
    const { server, compose, stack } = service;
    if (server === undefined || stack.development || !stack.production) return;
    const served = new Set(server.ports.map((p) => p.port));
    const open = compose.ports.find(
      (p) =>
        p.target.known &&
        served.has(p.target.value) &&
        p.hostIp.known &&
        !/^(127\.|::1|\[::1\]|localhost)/.test(p.hostIp.value),
    );
    if (open === undefined) return;
    const secrets = server.variables.filter((v) => v.secret === true);
    yield* each(secrets, function* (variable) {
      const entry = service.env.get(variable.name);
      if (entry?.at === undefined || entry.origin === 'image') return;
      const value = yield* know(entry.value);
      if (!GUESSED.test(value)) return;
      yield claim({
        at: entry.at,
        title: `${service.name} (${server.name}) is open to the network with a password that everybody tries`,
        subject: variable.name,
        because: [
          { kind: 'compose', at: entry.at, text: `${variable.name} is a well-known word` },
          { kind: 'compose', at: open.at, text: 'its port is published on every interface' },
        ],
      });
    });
  },
});
