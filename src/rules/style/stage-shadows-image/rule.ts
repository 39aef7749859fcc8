import type { Stage } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'a stage has the name of an image that it is made from',
  why: 'Below the stage its name means the stage: `FROM node` and `COPY --from=node` no longer mean the image, which is not what a reader expects.',
  remedy: 'Call the stage by what it does: build, deps.',
  proof: 'none',
  decides: 'always',
  *check(target) {
    const { stages } = target.dockerfile;
    const images = imagesByName(stages);
    yield* each(stages, function* (stage) {
      const image = stage.name === undefined ? undefined : images.get(stage.name);
      // `FROM IMAGE AS name` and nothing else gives the image a name and a version for all that copies from it.
      if (image === undefined || stage.instructions.length === 0) return;
      const use = stages
        .filter((other) => other.index > stage.index)
        .flatMap((other) => [other.from, ...other.instructions])
        .find((i) =>
          i.keyword === 'FROM'
            ? i.image.text.toLowerCase() === stage.name
            : i.keyword === 'COPY' && i.from?.value?.toLowerCase() === stage.name,
        );
      if (use === undefined) return;
      yield claim({
        at: stage.from.place,
        title: `${stage.name} means this stage from here on, no longer the image ${image}`,
        subject: stage.name ?? '',
        because: [{ kind: 'line', at: use.place, text: use.original.trim() }],
      });
    });
  },
});

/** The images that the file uses by their plain names: `node` of `node:22-slim`, whatever its registry; the first of each name. */
function imagesByName(stages: readonly Stage[]): ReadonlyMap<string, string> {
  const names = new Set(stages.map((stage) => stage.name));
  const images = new Map<string, string>();
  for (const { from } of stages) {
    const { text } = from.image;
    const plain = text
      .replace(/[:@].*$/, '')
      .split('/')
      .at(-1)
      ?.toLowerCase();
    if (plain !== undefined && !names.has(text.toLowerCase()) && !images.has(plain)) images.set(plain, text);
  }
  return images;
}
