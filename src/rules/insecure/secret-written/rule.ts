import { each, know } from '../../../facts/know.ts';
import type { EnvValue } from '../../../model/types.ts';
import { secretName } from '../../../source/env-read.ts';
import { deployed } from '../../deployed.ts';
import { isGuessed, isPlaceholder } from '../../guessed-words.ts';
import { claim, rule } from '../../rule.ts';
import { signingName } from '../../signing-name.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'a secret of an application is written in the compose file',
  why: 'Whoever can read the repository, now or later, has it: he signs sessions of whomever he likes, or uses the account that it opens. Deleting the line leaves it in the history.',
  remedy: 'Pass it on from outside (`JWT_SECRET: ${JWT_SECRET:?}`) or as a secret, and change it.',
  proof: 'none',
  *check(stack) {
    const live = deployed(stack);
    if (live === undefined) return;
    const seen = new Set<string>();
    const entries = stack.services
      .filter((service) => service.target !== undefined)
      .flatMap((service) => [...service.env].map(([name, entry]) => ({ service, name, entry })))
      .filter(({ name, entry }) => entry.origin === 'compose' && (signingName(name) || secretName(name)));
    yield* each(entries, function* ({ service, name, entry }) {
      if (entry.at === undefined) return;
      const value = yield* know(entry.value);
      if (!shapedLikeOne(value) || !written(entry) || seen.has(`${name}=${value}`)) return;
      seen.add(`${name}=${value}`);
      const fallback = entry.value.because.some((r) => r.kind === 'default');
      yield claim({
        at: entry.at,
        title: `${name} of ${service.name} stands in the compose file${fallback ? ' as the default' : ''}`,
        subject: name,
        severity: OF_THE_STACK.test(name) && !signingName(name) ? 'note' : live.weigh('error'),
        because: [
          { kind: 'compose', at: entry.at, text: `${name} has a value of ${value.length} characters here` },
          ...live.because,
        ],
      });
    });
  },
});

/** Passwords of servers that run beside it and that nobody else reaches: `credentials-default` speaks of published ones. */
const OF_THE_STACK =
  /(?:^|_)(?:DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB|MONGO|MONGODB|REDIS|CLICKHOUSE|RABBITMQ|MINIO|S3|NEO4J)(?:_|$)/i;

/** Not a well-known word (that is another finding), a path, an address, a switch or a number of seconds. */
function shapedLikeOne(value: string): boolean {
  return (
    value.length >= 8 &&
    !isGuessed(value) &&
    !isPlaceholder(value) &&
    !/^[./~]|:\/\/|\s|^\d{1,9}[smhd]?$|^(?:true|false|none|null|enabled|disabled)$/i.test(value)
  );
}

/** In the file itself, not in an env file or the environment of the caller. */
function written({ value, at }: EnvValue): boolean {
  return value.because.every((reason) => !('at' in reason) || reason.at.file === at?.file);
}
