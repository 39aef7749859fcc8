import type { Reason } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Place } from '../../../text/place.ts';
import { claim, rule } from '../../rule.ts';

interface Withdrawn {
  readonly image: RegExp;
  readonly what: string;
  readonly since: string;
  readonly source: string;
}

/** Tags that cannot be pulled any more. */
const WITHDRAWN: readonly Withdrawn[] = [
  {
    // What is left there is `latest` of a few; everything else moved to bitnamilegacy and gets no more fixes.
    image: /^(?:docker\.io\/)?bitnami\/[a-z0-9-]+:(?!latest$|latest@)[\w.-]+$/,
    what: 'the tags with a version of bitnami/ were taken away; bitnamilegacy/ has them, without further fixes',
    since: '2025-09-29',
    source: 'github.com/bitnami/charts/issues/35164',
  },
];

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'an image whose tag was withdrawn from its registry',
  why: 'The tag is not there any more: "manifest unknown" wherever it was not pulled before.',
  remedy: 'Take the image of the product itself, or another publisher.',
  proof: 'none',
  *check(stack) {
    const images = stack.services.flatMap((service) => {
      const { image, build } = service.compose;
      const own = image === undefined || build !== undefined ? [] : [{ service, at: image.at, fact: image.fact }];
      const bases = service.target?.bases ?? [];
      return [
        ...own,
        ...bases.map(({ name, at }) => ({
          service,
          at,
          fact: { known: true as const, value: name, because: [] as readonly Reason[] },
        })),
      ];
    });
    const seen = new Set<string>();
    yield* each(images, function* ({ service, at, fact }) {
      const name = yield* know(fact);
      const gone = WITHDRAWN.find((entry) => entry.image.test(name));
      if (gone === undefined || seen.has(key(at))) return;
      seen.add(key(at));
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${name} (${service.name}) cannot be pulled since ${gone.since}`,
        subject: name,
        because: [{ kind: 'server-table', ref: gone.source, text: gone.what }],
      });
    });
  },
});

function key({ file, line }: Place): string {
  return `${file}:${line}`;
}
