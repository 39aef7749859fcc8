import type { Dockerfile } from '../../../dockerfile/types.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Break } from '../../../simulate/trace.ts';
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
    const hidden = target.trace.breaks.filter((b) => b.swallowed && !TOLERATED.has(b.kind) && !b.hypothetical);
    yield* each(hidden, function* (broken) {
      const how = hiddenBy(target.dockerfile, broken);
      if (how === undefined) return;
      yield claim({
        at: broken.at,
        severity: how === '|| true' ? 'note' : 'warning',
        title: `${broken.text}, and \`${how}\` hides it`,
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

/** A user that is there already, a file that is gone already: these are what `|| true` is for. */
const TOLERATED = new Set<Break['kind']>(['id-taken', 'name-taken', 'other', 'file-missing', 'user-unknown']);

/** What stands behind the command: another command after `||` is a second way, not a failure that is hidden. */
function hiddenBy(dockerfile: Dockerfile, { at }: Break): '|| true' | ';' | '|' | undefined {
  const from = dockerfile.lines.offsetOfLine(at.endLine) + at.endColumn - 1;
  const rest = dockerfile.text.slice(from, from + 400);
  const found = /^[^|;&\n\\]*(?:\\\r?\n[^|;&\n\\]*)*(\|\|\s*(?:true|:)(?![\w/-])|\|\||;|\||&&)/.exec(rest)?.[1];
  if (found === undefined || found === '||' || found === '&&') return undefined;
  return found.startsWith('||') ? '|| true' : found === ';' ? ';' : '|';
}
