import type { Instruction } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'an ARG above the first FROM is used inside a stage',
  why: 'Arguments above the first FROM are seen by FROM lines only. Inside a stage the name is empty until a line `ARG NAME` fetches it.',
  remedy: 'Repeat `ARG NAME` in the stage.',
  aliases: ['DL3056'],
  proof: 'engine',
  decides: 'always',
  *check(target) {
    const names = target.dockerfile.metaArgs.flatMap((a) =>
      a.args.map(({ name }) => ({ name: name.text, at: a.place })),
    );
    const live = target.trace.stages.map((s) => s.index);
    yield* each(target.dockerfile.stages, function* (stage) {
      if (!live.includes(stage.index)) return;
      for (const { name, at } of names) {
        // The stage it is built from may have fetched it; so may the base image, which would be its own affair.
        const parents = target.dockerfile.stages.filter((s) => s.index <= stage.index);
        if (parents.some((s) => s.instructions.some((i) => sets(i, name)))) continue;
        const use = stage.instructions.find((i) => USERS.has(i.keyword) && uses(i.original, name));
        if (use === undefined || new RegExp(`\\b${name}=|\\b(read|for)\\s+${name}\\b`).test(use.original)) continue;
        const base = target.trace.stages.find((s) => s.index === stage.index)?.base;
        if (base === undefined || base.env.has(name) || !base.user.known) continue;
        yield claim({
          at: use.place,
          title: `$${name} is empty here: ARG ${name} stands above the first FROM`,
          subject: `${stage.index} ${name}`,
          because: [{ kind: 'line', at, text: `ARG ${name} is for FROM lines only` }],
        });
      }
    });
  },
});

const USERS = new Set(['RUN', 'COPY', 'ADD', 'ENV', 'WORKDIR', 'LABEL', 'USER', 'EXPOSE']);

function uses(text: string, name: string): boolean {
  // `${NAME:-x}` has an answer for an empty one; `\\$NAME` and '$NAME' are not expanded here.
  return (
    new RegExp(`(?<![\\\\'\\w])\\$(${name}\\b|\\{${name}\\})`).test(text) &&
    !new RegExp(`'[^']*\\$\\{?${name}`).test(text)
  );
}

function sets(instruction: Instruction, name: string): boolean {
  if (instruction.keyword === 'ARG') return instruction.args.some((a) => a.name.text === name);
  return instruction.keyword === 'ENV' && instruction.pairs.some((p) => p.key.text === name);
}
