import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
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
    const told = new Set<string>();
    yield* each(SWITCHES, function* ([name, on]) {
      const entry = service.env.get(name);
      if (entry?.at === undefined) return;
      const value = yield* know(entry.value);
      if (!on.test(value)) return;
      told.add(name);
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
    if (told.size > 0) return;
    const application = yield* know(service.application);
    const debug = yield* know(application.debug);
    if (debug?.on !== true) return;
    const gap = environmentGap(service.image, service.compose);
    if (debug.unset.length > 0 && (gap !== undefined || application.environment.files.length > 0))
      yield* know(unknown(gap ?? `the application may load ${debug.unset[0]} from a file`));
    yield claim({
      at: debug.at,
      title: `DEBUG of Django is on for ${service.name} ${live.where}: ${debug.unset.length > 0 ? `nothing sets ${debug.unset[0]}` : `${debug.module} says so`}`,
      subject: 'DEBUG',
      severity: live.weigh('warning'),
      because: [
        { kind: 'source', at: debug.at, text: `DEBUG in ${debug.module}, which the process loads` },
        ...live.because,
      ],
    });
  },
});
