import { loadCompose } from '../compose/load.ts';
import type { ComposePath, Field } from '../compose/settings.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Collector } from './command-requests.ts';
import type { ComposeCombination } from './types.ts';

/** Every service with a `build` in the combinations of compose files, whatever its profile. */
export function collectCompose(collector: Collector, combinations: readonly ComposeCombination[]): void {
  for (const combination of combinations) {
    const { files, projectDirectory, envFiles } = combination;
    const model = loadCompose(collector.repo, files, {
      profiles: ['*'],
      projectDirectory,
      ...(envFiles.length > 0 ? { envFiles } : {}),
    });
    for (const service of model.services.values()) {
      const { build } = service;
      if (build === undefined) continue;
      const reason: Reason = { kind: 'compose', at: build.at, text: `${service.name} is built here` };
      const inline = build.dockerfileInline?.fact;
      collector.requests.push({
        dockerfile:
          build.dockerfile === undefined
            ? unknown('the Dockerfile is written inline', reason)
            : pathFact(build.dockerfile),
        ...(inline?.known === true && build.dockerfile === undefined
          ? { inline: { text: inline.value, at: build.dockerfileInline?.at ?? build.at } }
          : {}),
        context: pathFact(build.context),
        ...(build.target === undefined ? {} : { stage: build.target.fact }),
        args: new Map([...build.args].map(([name, field]) => [name, field.fact])),
        platforms: build.platforms.flatMap((field) => (field.fact.known ? [field.fact.value] : [])),
        additionalContexts: new Map([...build.additionalContexts].map(([name, field]) => [name, pathFact(field)])),
        use: {
          source: combination.rank === 'documented' ? 'docs' : 'compose',
          name: service.name,
          at: build.at,
          text: `service ${service.name} of ${combination.id}`,
          development: combination.purpose === 'development',
          tags: service.image?.fact.known === true ? [service.image.fact.value] : [],
        },
      });
    }
  }
}

function pathFact(field: Field<ComposePath>): Fact<string> {
  const { fact } = field;
  if (!fact.known) return fact;
  const { path, written } = fact.value;
  return path === undefined
    ? unknown(`${written} lies outside the repository`, ...fact.because)
    : known(path, ...fact.because);
}
