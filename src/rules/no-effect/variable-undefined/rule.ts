import { expandIn } from '../../../dockerfile/scope.ts';
import { scopesOf } from '../../../dockerfile/scopes.ts';
import type { Instruction } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a variable that is not defined is used',
  why: 'BuildKit puts nothing in its place and goes on; a path or a version is then not the one that is meant.',
  remedy: 'Define it with ARG or ENV above, or correct the name.',
  aliases: ['UndefinedVar'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const { dockerfile, trace } = target;
    const base = (index: number) => trace.stages.find((s) => s.index === index)?.base;
    const scopes = scopesOf(dockerfile, { buildArgs: target.args }, (stage) => {
      const image = base(stage.index);
      return image?.user.known === true ? image.env : undefined;
    });
    yield* each(dockerfile.stages, function* (stage) {
      if (base(stage.index)?.user.known !== true) return;
      for (const instruction of stage.instructions) {
        const scope = scopes.before(instruction);
        if (scope === undefined || scope.open !== undefined) continue;
        const names = wordsOf(instruction).flatMap((text) => expandIn(scope, text, dockerfile.escape).undefinedNames);
        // An argument that is declared without a value waits for one; a list is often put in front of itself.
        const declared = stage.instructions.flatMap((i) => (i.keyword === 'ARG' ? i.args.map((a) => a.name.text) : []));
        const meta = dockerfile.metaArgs.flatMap((i) => i.args.map((a) => a.name.text));
        const name = names.find((n) => !declared.includes(n) && !meta.includes(n) && !PREDEFINED.test(n));
        if (name === undefined || selfReference(instruction, name)) continue;
        yield claim({
          at: instruction.place,
          title: `$${name} is not defined here: nothing is put in its place`,
          subject: `${stage.index} ${name}`,
        });
      }
    });
  },
});

const PREDEFINED = /^(https?|ftp|no|all)_proxy$/i;

/** `ENV LD_LIBRARY_PATH=/x:$LD_LIBRARY_PATH` works with an empty one, too. */
function selfReference(instruction: Instruction, name: string): boolean {
  return instruction.keyword === 'ENV' && instruction.pairs.some((pair) => pair.key.text === name);
}

/** The words that BuildKit expands; `${X:-y}` says itself what an undefined one means. */
function wordsOf(instruction: Instruction): readonly string[] {
  const words = ((): readonly string[] => {
    switch (instruction.keyword) {
      case 'COPY':
      case 'ADD':
        return [...instruction.sources, instruction.destination].map((w) => w.text);
      case 'ENV':
      case 'LABEL':
        return instruction.pairs.map((pair) => pair.value.text);
      case 'WORKDIR':
        return [instruction.path.text];
      case 'USER':
        return [instruction.user.text];
      case 'VOLUME':
        return instruction.words.map((w) => w.text);
      default:
        return [];
    }
  })();
  return words.filter((text) => !/\$\{\w+:?[-+?]/.test(text));
}
