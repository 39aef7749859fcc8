import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { djangoOf } from '../../../source/python/django-of.ts';
import { deployed } from '../../deployed.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the settings of Django that run in production are those of a tutorial',
  why: 'With DEBUG each error shows source, settings and variables to whoever causes it. With a SECRET_KEY that stands in the code everybody who can read the repository signs sessions and resets passwords.',
  remedy: 'Read both from the environment, with DEBUG off and no key when nothing is set.',
  proof: 'none',
  *check(service) {
    const live = deployed(service.stack);
    if (live === undefined || service.target === undefined) return;
    const application = yield* know(service.application);
    const settings = yield* know(djangoOf(application));
    if (settings === undefined) return;
    const { env } = application.context;
    for (const name of ['DEBUG', 'SECRET_KEY']) {
      const value = settings.value(name);
      const text = settings.text(name, env);
      if (value === undefined || text === undefined) continue;
      // What a variable says is another finding.
      const fallen = value.t === 'env' && !env.has(value.name);
      if (value.t !== 'const' && !fallen && value.t !== 'env' && !text.known)
        yield* know(unknown(`${name}: ${text.why}`));
      if (!text.known || (value.t !== 'const' && !(fallen && name === 'DEBUG'))) continue;
      if (name === 'DEBUG' && !/^(true|1|yes|on)$/i.test(text.value)) continue;
      const gap = fallen ? service.compose.environment.open[0] : undefined;
      if (gap !== undefined) yield* know(unknown(gap.text, gap));
      const reason = settings.reason(name);
      if (!('at' in reason)) continue;
      yield claim({
        at: reason.at,
        severity: live.weigh(name === 'DEBUG' ? 'error' : 'warning'),
        title:
          name === 'DEBUG'
            ? `DEBUG is on in ${settings.name}, which ${service.name} runs ${live.where}`
            : `SECRET_KEY stands in ${settings.name}, which ${service.name} runs ${live.where}`,
        subject: name,
        because: [reason, ...live.because],
      });
    }
  },
});
