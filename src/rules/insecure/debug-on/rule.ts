import { each, know } from '../../../facts/know.ts';
import { deployed } from '../../deployed.ts';
import { claim, rule } from '../../rule.ts';

const SWITCHES: ReadonlyMap<string, RegExp> = new Map([
  ['FLASK_DEBUG', /^(1|true|yes|on)$/i],
  ['FLASK_ENV', /^development$/i],
  ['DJANGO_DEBUG', /^(1|true|yes|on)$/i],
  ['DEBUG', /^(1|true|yes|on)$/i],
  ['APP_DEBUG', /^(1|true|yes|on)$/i],
  ['NODE_ENV', /^(development|dev)$/i],
  ['RAILS_ENV', /^development$/i],
]);

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'debugging is switched on in production',
  why: 'Error pages then show source, settings and often secrets to whoever causes an error.',
  remedy: 'Leave the variable out of the production files.',
  proof: 'none',
  *check(service) {
    const live = deployed(service.stack);
    if (live === undefined || service.target === undefined) return;
    yield* each(SWITCHES, function* ([name, on]) {
      const entry = service.env.get(name);
      if (entry?.at === undefined) return;
      const value = yield* know(entry.value);
      if (!on.test(value)) return;
      yield claim({
        at: entry.at,
        title: `${name} is ${value} for ${service.name} ${live.where}`,
        subject: name,
        severity: live.weigh('warning'),
        because: [
          { kind: entry.origin === 'image' ? 'line' : 'compose', at: entry.at, text: `${name}=${value}` },
          ...live.because,
        ],
      });
    });
  },
});
