import type { Dockerfile } from '../../../dockerfile/types.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Break, Trace } from '../../../simulate/trace.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a step fails, and the shell hides it',
  why: '`|| true`, `;` and a pipe let the build go on after a command that fails. What it should have done is missing, and nobody is told.',
  remedy: 'Repair the command; join commands with && or begin with set -e.',
  aliases: ['DL4006'],
  proof: 'engine',
  *check(target) {
    const hidden = target.trace.breaks.filter((b) => b.swallowed && !b.hypothetical && !isTolerated(target.trace, b));
    yield* each(hidden, function* (broken) {
      const how = hiddenBy(target.dockerfile, broken);
      if (how === undefined) return;
      yield claim({
        at: broken.at,
        severity: how === '`|| true`' ? 'note' : 'warning',
        title: `${broken.text}, and ${how} hides it`,
        subject: broken.subject,
        because: broken.because,
      });
    });
    const [doubt] = target.trace.undecided;
    const shells = target.dockerfile.instructions.filter(
      (i) => i.keyword === 'RUN' && /\|\|\s*true|;/.test(i.original),
    );
    if (doubt !== undefined && hidden.length === 0 && shells.length > 0) yield* know(unknown(doubt.text, doubt));
  },
});

/** A user that is there already, a file that is gone already: these are what `|| true` is for. An id that another has is not:
 * the user that is meant is never made. */
function isTolerated(trace: Trace, broken: Break): boolean {
  if (broken.kind === 'name-taken' || broken.kind === 'other') return true;
  const steps = trace.stages.flatMap((stage) => stage.steps);
  const command = steps.find((step) => step.breaks.includes(broken))?.argv?.[0] ?? '';
  if (broken.kind === 'file-missing')
    return /^(rm|rmdir|unlink|ls|find|test|\[|stat|grep|cat|\.|source)$/.test(command);
  return broken.kind === 'user-unknown' && /^(deluser|delgroup|userdel|groupdel|id|getent)$/.test(command);
}

/** What stands behind the command: another command after `||` is a second way, and a condition asks; neither hides anything. */
function hiddenBy(dockerfile: Dockerfile, { at }: Break): string | undefined {
  const start = dockerfile.lines.offsetOfLine(at.line) + at.column - 1;
  if (/(^|[\s;&|({])(if|elif|while|until|!)\s+$/.test(dockerfile.text.slice(Math.max(0, start - 40), start)))
    return undefined;
  const from = dockerfile.lines.offsetOfLine(at.endLine) + at.endColumn - 1;
  const rest = dockerfile.text.slice(from, from + 400);
  const found = /^[^|;&\n\\]*(?:\\\r?\n[^|;&\n\\]*)*(\|\|\s*(?:true|:)(?![\w/-])|\|\||;|\||&&|\n)/.exec(rest)?.[1];
  if (found === undefined || found === '||' || found === '&&') return undefined;
  if (found === '\n') {
    // In a heredoc the end of a line is a semicolon.
    const run = dockerfile.instructions.find((i) => i.place.line < at.line && at.endLine < i.place.endLine);
    return run !== undefined && run.heredocs.length > 0 ? 'the next line' : undefined;
  }
  return found.startsWith('||') ? '`|| true`' : found === ';' ? '`;`' : '`|`';
}
