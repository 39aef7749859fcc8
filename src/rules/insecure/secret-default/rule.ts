import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { secretName } from '../../../source/env-read.ts';
import { claim, rule } from '../../rule.ts';

/** What stands in examples and tutorials. */
const GUESSED =
  /^(secret|secret[-_]?key|my[-_]?secret([-_]?key)?|super[-_]?secret([-_]?key)?|change[-_ ]?(me|this|it)\S*|changeme|your[-_]\S*|replace[-_]?\S*|default|password|passw0rd|test|dev|development|insecure\S*|django-insecure\S*|123456\d*|abc123|admin|root|xxx+|todo|example\S*)$/i;
/** Keys with which an application signs what users send back. */
const SIGNS =
  /^(\w+_)?(SECRET_?KEY|JWT_?(SECRET|KEY)(_KEY)?|SESSION_?SECRET|COOKIE_?SECRET|SIGNING_?KEY|APP_?(KEY|SECRET)|AUTH_?SECRET|NEXTAUTH_SECRET|SECRET|ENCRYPTION_KEY)(_KEY)?$/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the key of an application is one that everybody knows',
  why: 'With this key sessions and tokens are signed. Who knows it (and it stands in the repository, or in every tutorial) signs a session of whomever he likes.',
  remedy: 'Make a long random value for each deployment, and hand it over as a secret; give the code no default.',
  proof: 'none',
  *check(service) {
    if (!service.stack.production || service.target === undefined) return;
    const set = [...service.env].filter(([name]) => SIGNS.test(name));
    yield* each(set, function* ([name, entry]) {
      if (entry.at === undefined) return;
      const value = yield* know(entry.value);
      if (!GUESSED.test(value)) return;
      yield claim({
        at: entry.at,
        title: `${name} of ${service.name} is a well-known word in production`,
        subject: name,
        because: [{ kind: entry.origin === 'image' ? 'line' : 'compose', at: entry.at, text: `${name} is set here` }],
      });
    });
    const application = yield* know(service.application);
    const fallen = application.environment.reads.filter(
      (read) => SIGNS.test(read.name) && secretName(read.name) && read.reached === true && !service.env.has(read.name),
    );
    yield* each(fallen, function* (read) {
      const value = yield* know(read.fallback);
      if (value === null || value.length < 3) return;
      const open = service.compose.environment.open[0];
      if (open !== undefined) yield* know(unknown(open.text, open));
      const { files } = application.environment;
      if (files.length > 0) yield* know(unknown(`the application may load ${read.name} from a file`));
      yield claim({
        at: read.at,
        title: `nothing sets ${read.name} for ${service.name} in production, so the key that stands in the code is used`,
        subject: read.name,
        because: [
          { kind: 'source', at: read.at, text: `${read.name} has a default of ${value.length} characters here` },
        ],
      });
    });
  },
});
