import { each, know } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import { type DeclaredArgument, declaredArguments, isRead } from '../../argument-uses.ts';
import type { Fix } from '../../finding.ts';
import { lineEdit } from '../../line-edit.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'an ARG that nothing reads',
  why: 'A value given with --build-arg goes nowhere, and whoever reads the file believes that it does something. Above the first FROM an argument is for FROM lines only; in a stage it holds from its line to the end of that stage.',
  remedy: 'Use it, move it above the step that is to see it, or remove the line.',
  proof: 'none',
  *check(target) {
    yield* each(declaredArguments(target.dockerfile), function* (argument) {
      if (yield* know(isRead(target.dockerfile, target.trace, argument))) return;
      const { name, instruction, stage } = argument;
      const given = target.args.get(name);
      const fix = removal(target, argument);
      yield claim({
        at: instruction.place,
        severity: given === undefined ? 'note' : 'warning',
        title:
          stage === undefined
            ? `no FROM uses $${name}, and no stage declares it again`
            : `nothing after this line reads $${name}`,
        subject: `${stage?.index ?? ''} ${name}`,
        because: [
          { kind: 'line', at: instruction.place, text: instruction.original.trim() },
          ...(given?.because ?? []),
        ],
        ...(fix === undefined ? {} : { fix }),
      });
    });
  },
});

/** Only where the line stands for itself: no comment speaks of it, nobody gives the value, no other line of that name would be left. */
function removal({ dockerfile, args, repo }: BuildTarget, { name, instruction }: DeclaredArgument): Fix | undefined {
  const others = declaredArguments(dockerfile).filter((a) => a.name === name);
  const { place } = instruction;
  const above = dockerfile.text.split('\n')[place.line - 2] ?? '';
  if (others.length > 1 || args.has(name) || instruction.args.length > 1 || place.line !== place.endLine)
    return undefined;
  if (/^\s*#/.test(above)) return undefined;
  const edit = lineEdit(repo, place);
  return edit === undefined ? undefined : { safety: 'safe', title: `remove ARG ${name}`, edits: [edit] };
}
