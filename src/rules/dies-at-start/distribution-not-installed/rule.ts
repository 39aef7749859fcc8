import { each, know } from '../../../facts/know.ts';
import { bringersOf, installedPython } from '../../../model/python-packages.ts';
import { claim, rule } from '../../rule.ts';
import { nothingInstalledAtStart } from '../../start-installs.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the code imports a module that no install brings',
  why: 'The process ends with "No module named …" while it is loaded. Some libraries need others only for some of their parts: FastAPI python-multipart for forms, pydantic email-validator for EmailStr, SQLAlchemy the driver that the URL names.',
  remedy: 'Add the distribution to the requirements (and to the lock file).',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const application = yield* know(service.application);
    const missing = new Map([...application.pythonNeeds].reverse().map((need) => [need.anyOf.join(), need] as const));
    // Most are installed: what the builds install is only read where a well-known module is imported.
    const needs = [...missing.values()].filter((need) => bringersOf(need.anyOf) !== undefined);
    if (needs.length === 0) return;
    const installed = yield* know(installedPython(target.trace));
    if (installed.at === undefined) return;
    yield* each(needs, function* ({ anyOf, text, at }) {
      const brings = bringersOf(anyOf);
      if (brings === undefined || brings.names.some((name) => installed.names.has(name))) return;
      yield* know(nothingInstalledAtStart(service));
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} ${text}, and nothing installs ${brings.names.slice(0, 2).join(' or ')}`,
        subject: anyOf.join(),
        because: [
          { kind: 'source', at, text },
          ...(installed.at === undefined
            ? []
            : [
                {
                  kind: 'line' as const,
                  at: installed.at,
                  text: `${installed.names.size} distributions are installed`,
                },
              ]),
          { kind: 'package-table', ref: `metadata of ${brings.date}`, text: `what they require in turn was read` },
        ],
      });
    });
  },
});
