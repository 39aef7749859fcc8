import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the health check asks without the password, or as a user that the server does not have',
  why: 'The server refuses the request ("NOAUTH Authentication required", "role does not exist"), the check fails each time, and the container never becomes healthy. What waits for it never starts.',
  remedy: 'Give the check the user and the password that the server has (REDISCLI_AUTH, `-U "$${POSTGRES_USER}"`).',
  proof: 'engine',
  *check(service) {
    const name = service.server?.name ?? '';
    if (name !== 'Redis' && name !== 'Valkey' && name !== 'PostgreSQL') return;
    if (service.compose.healthcheck?.test === undefined) return;
    const probe = yield* know(service.probe);
    if (probe === null) return;
    const text = probe.argv.join(' ');
    if (name === 'PostgreSQL') {
      const asked = /^(?:CMD-SHELL\s+)?psql\b[^|;&]*?\s(?:-U|--username[= ])\s*["']?([A-Za-z_]\w*)["']?(?:\s|$)/.exec(
        text,
      )?.[1];
      if (asked === undefined || /-h|--host|\|\|/.test(text)) return;
      if (service.env.has('POSTGRES_USER_FILE')) yield* know(unknown('a file names the user'));
      const user = service.env.get('POSTGRES_USER');
      const real = user === undefined ? 'postgres' : yield* know(user.value);
      if (asked === real) return;
      if (service.compose.volumes.some((m) => !m.target.fact.known || m.target.fact.value.includes('initdb')))
        yield* know(unknown(`a script of the first start may make ${asked}`));
      if (service.compose.envFiles.some((use) => use.state !== 'present'))
        yield* know(unknown('an env file may name the user'));
      yield claim(said(service, probe.at, `as ${asked}`, `the server has the user ${real}`));
      return;
    }
    // Without a look at the answer redis-cli reports success whatever the server says.
    if (!/\b(?:redis|valkey)-cli\b[^|;&]*\bping\b[^|;&]*\|\s*grep\b[^|;&]*PONG/i.test(text)) return;
    if (/\s-[au]\b|--pass|--askpass|--uri|redis:\/\/|AUTH/.test(text)) return;
    const command = yield* know(wordsOfCommand(service));
    const at = command.indexOf('--requirepass');
    const required = at === -1 ? /(?:^|\s)--requirepass\s+(\S+)/.exec(command.join(' '))?.[1] : command[at + 1];
    if (required === undefined || /^["']{2}$|^$/.test(required)) return;
    if (service.env.has('REDISCLI_AUTH') || service.env.has('VALKEYCLI_AUTH')) return;
    yield claim(said(service, probe.at, 'without a password', 'the server is started with --requirepass'));
  },
});

function said(service: Service, at: Service['at'], how: string, instead: string): Parameters<typeof claim>[0] {
  const there = service.compose.command?.at ?? service.env.get('POSTGRES_USER')?.at ?? service.at;
  return {
    breaks: service.nodes.healthy,
    at,
    title: `the health check of ${service.name} asks ${how}; ${instead}`,
    subject: how,
    because: [
      { kind: 'compose', at, text: `the health check asks ${how}` },
      { kind: 'compose', at: there, text: instead },
    ],
  };
}
