import type { ArgDeclaration, ArgInstruction } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import type { StageTrace } from '../../../simulate/trace.ts';
import type { Fix } from '../../finding.ts';
import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'an argument that is another one in every build stands before the installs',
  why: 'Every RUN behind an ARG has its value in the environment: with a commit or a date as its value none of them is ever taken from the cache, whether it reads it or not.',
  remedy: 'Declare it behind the installs, right before the line that uses it.',
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      const instructions = target.dockerfile.stages[stage.index]?.instructions ?? [];
      const arg = instructions.find((i): i is ArgInstruction => i.keyword === 'ARG' && i.args.some(changes));
      if (arg === undefined) return;
      const name = arg.args.find(changes)?.name.text ?? '';
      const install = stage.steps.find((step) => step.instruction > instructions.indexOf(arg) && isInstall(step));
      // An install that names it is meant to be done again.
      if (install === undefined || instructions[install.instruction]?.original.includes(name) === true) return;
      const fix = moved(target, stage, arg, install.instruction, name);
      yield claim({
        at: arg.place,
        severity: target.args.has(name) ? 'warning' : 'note',
        title: `a new ${name} runs ${install.argv?.slice(0, 2).join(' ')} in line ${install.at.line} again`,
        subject: `${stage.index} ${name}`,
        because: [
          { kind: 'line', at: arg.place, text: arg.original.trim() },
          { kind: 'line', at: install.at, text: `${install.argv?.slice(0, 4).join(' ')} has it in its environment` },
        ],
        ...(fix === undefined ? {} : { fix }),
      });
    });
  },
});

/** Names whose value is a commit, a time or a number of the build. */
const CHANGES =
  /^(GIT|VCS|CI|SOURCE|APP|BUILD|DOCKER|IMAGE)?_?(SHA|COMMIT(_?(SHA|HASH|REF|ID))?|REVISION|VCS_REF|REF|HASH|DATE|TIME|TIMESTAMP|NUMBER|BUILD_(DATE|TIME|NUMBER|ID|SHA)|CACHE_?BUST(ER)?|GIT_(SHA|COMMIT|HASH|REV(ISION)?|REF))$/i;

/** A default that says something is a version that somebody has chosen. */
function changes({ name, value }: ArgDeclaration): boolean {
  return (
    CHANGES.test(name.text) &&
    /^["']?(unknown|undefined|dev(elopment)?|none|n\/?a|local|head|latest|master|main|0|1|)["']?$/i.test(
      value?.text ?? '',
    )
  );
}

function isInstall(step: StageTrace['steps'][number]): boolean {
  const words = step.argv?.join(' ') ?? '';
  return installOf(step, false) !== undefined || /^(apt(-get)?|apk|dnf|microdnf|yum) (.* )?(install|add)\b/.test(words);
}

/** The line moves behind the last instruction in front of its first use: only where it stands alone and nothing before the install needs it. */
function moved(
  { dockerfile }: BuildTarget,
  stage: StageTrace,
  arg: ArgInstruction,
  install: number,
  name: string,
): Fix | undefined {
  const instructions = dockerfile.stages[stage.index]?.instructions ?? [];
  const from = instructions.indexOf(arg);
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  const use = instructions.findIndex(
    (i, at) => at > from && word.test(dockerfile.text.slice(i.span.start, i.span.end)),
  );
  const before = instructions[use];
  if (before === undefined || use <= install || arg.args.length > 1 || arg.place.line !== arg.place.endLine)
    return undefined;
  const lines = dockerfile.text.split('\n');
  // Comments above either line would come to speak of another one.
  if ([arg, before].some((i) => /^\s*#/.test(lines[i.place.line - 2] ?? ''))) return undefined;
  const start = dockerfile.lines.offsetOfLine(arg.place.line);
  const end = dockerfile.lines.offsetOfLine(arg.place.line + 1);
  const to = dockerfile.lines.offsetOfLine(before.place.line);
  const { file } = dockerfile;
  const edits = [
    { file, start, end, text: '' },
    { file, start: to, end: to, text: dockerfile.text.slice(start, end) },
  ];
  return { safety: 'safe', title: `declare ${name} where it is used`, edits };
}
