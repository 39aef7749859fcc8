import type { CopyInstruction, Instruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import type { StageTrace } from '../../../simulate/trace.ts';
import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'the source is copied before the dependencies are installed',
  why: 'A layer is rebuilt when anything copied before it changes. With the source in front of the install, each change of a line installs everything again.',
  remedy: 'Copy the manifest and the lock file, install, then copy the source.',
  proof: 'none',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      for (const step of stage.steps) {
        const environment = step.before.env.get('NODE_ENV');
        const install = installOf(step, environment?.known === true && environment.value === 'production');
        if (install === undefined) continue;
        const copy = broadCopy(
          stage,
          step.instruction,
          target.dockerfile.stages[stage.index]?.instructions ?? [],
          install.manifests,
        );
        if (copy === undefined) return;
        yield* know(target.sent);
        yield claim({
          at: copy.place,
          title: `each change of a file installs the dependencies again (${(step.argv ?? [install.tool]).slice(0, 2).join(' ')}, line ${step.at.line})`,
          subject: `${stage.index} ${install.tool}`,
          because: [
            { kind: 'line', at: copy.place, text: `${copy.original.trim()} copies more than the manifests` },
            { kind: 'line', at: step.at, text: `${step.argv?.join(' ') ?? install.tool} comes after it` },
          ],
          fix: { safety: 'safe', title: 'copy the manifests, install, then copy the rest', edits: [] },
        });
        return;
      }
    });
  },
});

/** The first COPY from the context in front of the install that brings more than manifests. */
function broadCopy(
  stage: StageTrace,
  before: number,
  instructions: readonly Instruction[],
  manifests: readonly RegExp[],
): CopyInstruction | undefined {
  if (stage.steps.length === 0) return undefined;
  const install = instructions[before]?.original ?? '';
  return instructions
    .slice(0, before)
    .filter((i): i is CopyInstruction => i.keyword === 'COPY' && i.from === undefined)
    .find((copy) => copy.sources.some(({ text }) => isBroad(text, manifests, install)));
}

/** One file of settings or prose, which package managers ask for too (`readme = "README.md"`): not what changes with each line. */
const SETTLED =
  /(^|\/)(?:[\w.-]+\.(?:md|rst|txt|json|ya?ml|toml|cfg|ini|conf|sh|crt|pem)|LICEN[CS]E|README|NOTICE|Makefile)$/i;

function isBroad(source: string, manifests: readonly RegExp[], install: string): boolean {
  const path = source.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  // Files that hardly ever change, and scripts that the install itself runs.
  if (/(^|\/)\.\w+ignore$/.test(path) || (path !== '' && install.includes(`${path}/`))) return false;
  if (SETTLED.test(path)) return false;
  const plain = path.replaceAll(/[*?]/g, '');
  // `*yarn*`, `package*`, `requirements*`: patterns that manifests and lock files are meant by.
  if (plain !== path && /(^|\/)(yarn|package|pnpm|npm|requirements|uv|poetry|bun)[\w.-]*$/.test(plain)) return false;
  // `go.*` is go.mod and go.sum.
  if (/(^|\/)go\.\*$/.test(path)) return false;
  return !manifests.some((pattern) => [path, plain, `${plain}.json`, `${plain}.txt`].some((p) => pattern.test(p)));
}
