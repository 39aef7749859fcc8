import { know } from '../../../facts/know.ts';
import { deployed } from '../../deployed.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a development server runs in production',
  why: 'Development servers reload on changes, show stack traces and source to whoever causes an error, and are made for one user.',
  remedy: 'Run the production server (gunicorn, uvicorn without --reload, the built output).',
  proof: 'none',
  *check(service) {
    const live = deployed(service.stack);
    if (live === undefined || service.target === undefined) return;
    const application = yield* know(service.application);
    if (application.launch.role !== 'web') return;
    const mode = yield* know(application.launch.mode);
    if (mode !== 'development') return;
    const process = yield* know(service.process);
    yield claim({
      at: process.at,
      title: `${service.name} runs a development server ${live.where} (${application.launch.argv.slice(0, 4).join(' ')})`,
      subject: application.launch.program,
      severity: live.weigh('warning'),
      because: [{ kind: 'line', at: process.at, text: `it runs ${process.argv.join(' ')}` }, ...live.because],
    });
  },
});
