import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the comment above a stage or argument describes something else',
  why: 'BuildKit shows the comment above FROM or ARG as its description in `--call outline`; it has to begin with the name.',
  remedy: 'Begin the comment with the name, or leave an empty line.',
  aliases: ['InvalidDefinitionDescription'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    if (!/^#\s*check=.*experimental=/im.test(target.dockerfile.text)) return;
    const lines = target.dockerfile.text.split('\n');
    const described = target.dockerfile.instructions.flatMap((i) =>
      i.keyword === 'FROM' && i.alias !== undefined
        ? [{ name: i.alias.text, place: i.place }]
        : i.keyword === 'ARG'
          ? i.args.slice(0, 1).map((a) => ({ name: a.name.text, place: i.place }))
          : [],
    );
    yield* each(described, function* ({ name, place }) {
      const above = /^#\s*(.*)$/.exec((lines[place.line - 2] ?? '').trim())?.[1];
      if (above === undefined || place.line === 1 || /^(syntax|check|escape)\s*=/.test(above)) return;
      if (above.split(/\s/)[0]?.toLowerCase() === name.toLowerCase()) return;
      yield claim({ at: place, title: `the comment above ${name} does not begin with its name`, subject: name });
    });
  },
});
