import type { Dockerfile } from '../../../dockerfile/types.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

/** Arguments that BuildKit itself reads or defines. */
const BUILT_IN =
  /^(https?|ftp|no|all)_proxy$|^(BUILDKIT_|BUILDX_|SOURCE_DATE_EPOCH$|TARGET|BUILDPLATFORM|BUILDOS|BUILDARCH|BUILDVARIANT)/i;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a build argument that no ARG declares',
  why: 'BuildKit drops what the Dockerfile does not ask for with ARG, and says nothing: the build goes on without the value.',
  remedy:
    'Declare it with ARG in the stage that uses it, or set it with `environment:` when the process is to read it.',
  proof: 'none',
  *check(service) {
    const { target, compose } = service;
    if (target === undefined || compose.build === undefined || compose.build.dockerfileInline !== undefined) return;
    const { dockerfile } = target;
    const declared = new Set(
      dockerfile.instructions.flatMap((i) => (i.keyword === 'ARG' ? i.args.map((a) => a.name.text) : [])),
    );
    const unread = [...compose.build.args].filter(([name]) => !declared.has(name) && !BUILT_IN.test(name));
    yield* each(unread, function* ([name, field]) {
      const doubt = otherArguments(dockerfile);
      if (doubt !== undefined) yield* know(unknown(doubt));
      const near = [...declared].find(
        (other) => other.toLowerCase().replaceAll('_', '') === name.toLowerCase().replaceAll('_', ''),
      );
      const others = service.stack.services.some(
        (s) => s !== service && s.compose.build?.args.get(name)?.at.line === field.at.line,
      );
      if (others) return;
      yield claim({
        at: field.at,
        title: `${dockerfile.file} declares no ARG ${name}: the value is dropped`,
        subject: `${service.name} ${name}`,
        because: [
          { kind: 'compose', at: field.at, text: `${name} is handed to the build of ${service.name}` },
          {
            kind: 'line',
            at: target.at,
            text:
              near === undefined
                ? `ARG lines there: ${[...declared].slice(0, 6).join(', ') || 'none'}`
                : `there is ARG ${near}`,
          },
        ],
      });
    });
  },
});

/** What may read arguments that no ARG of the file names. */
function otherArguments({ file, text, instructions }: Dockerfile): string | undefined {
  const syntax = /^#\s*syntax\s*=\s*(\S+)/m.exec(text)?.[1];
  if (syntax !== undefined && !/docker\/dockerfile/.test(syntax)) return `the frontend ${syntax} of ${file} is another`;
  const base = instructions.some(
    (i) => i.keyword === 'ONBUILD' || (i.keyword === 'ARG' && i.args.some((a) => a.name.text.includes('$'))),
  );
  return base ? `${file} declares arguments in another way` : undefined;
}
