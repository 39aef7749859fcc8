import { type Ask, each, know } from '../../../facts/know.ts';
import type { BuildTarget, RepositoryNode } from '../../../model/types.ts';
import { ignoreFile, ignoreLines, inContext, reachesImage, type Taker, takersOf } from '../../context-takers.ts';
import { isShipped } from '../../final-stages.ts';
import type { Fix } from '../../finding.ts';
import { type MadeEnvFile, madeEnvFiles } from '../../made-env-files.ts';
import { claim, rule } from '../../rule.ts';

/** An env file in the context of a target. */
interface Found {
  readonly file: MadeEnvFile;
  readonly path: string;
  readonly taker: Taker;
}

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'the env file of the deployment is copied into the image',
  why: 'git leaves the file out, the build context does not: where people build, the file lies beside the code. Whoever can pull the image can then read every password in it, and a program that loads such a file by itself runs with the values of the day of the build.',
  remedy: 'Name the file in the ignore file of the context; hand the variables over at run time (`env_file:`).',
  proof: 'none',
  *check(node) {
    const files = madeEnvFiles(node);
    yield* each(contexts(node), function* (targets) {
      const [first] = targets;
      const found: Found[] = [];
      for (const target of targets) found.push(...(yield* taken(target, files, found)));
      const [one] = found;
      if (first === undefined || one === undefined) return;
      const names = found.map(({ file }) => file.path).join(', ');
      const secrets = found.flatMap(({ file }) => file.secrets ?? []);
      const { instruction } = one.taker;
      const ignore = ignoreFile(first.context);
      const reason = node.repo.entry(ignore) === undefined ? `there is no ${ignore}` : `${ignore} does not name it`;
      yield claim({
        at: instruction.place,
        severity: secrets.length > 0 && !developing(node, targets) ? 'warning' : 'note',
        title: `${instruction.original.trim()} takes ${names} into the image where ${found.length > 1 ? 'they lie' : 'it lies'} beside the code`,
        subject: `${first.contextDir} ${ignore}`,
        because: [
          ...found.map(({ file }) => file.because),
          ...(secrets.length === 0
            ? []
            : [
                {
                  kind: 'derived' as const,
                  at: instruction.place,
                  text: `it holds ${[...new Set(secrets)].slice(0, 4).join(', ')}`,
                },
              ]),
          { kind: 'derived', at: instruction.place, text: reason },
        ],
        ...fix(first, found),
      });
    });
  },
});

/** Targets that are built from one folder with one ignore file. */
function contexts(node: RepositoryNode): readonly (readonly BuildTarget[])[] {
  const groups = new Map<string, BuildTarget[]>();
  const deployedFirst = node.targets.toSorted((a, b) => Number(developing(node, [a])) - Number(developing(node, [b])));
  for (const target of deployedFirst) {
    if (target.orphan || target.contextGuessed || !isShipped(target)) continue;
    const key = `${target.contextDir}\n${ignoreFile(target.context)}`;
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()];
}

function* taken(
  target: BuildTarget,
  files: readonly MadeEnvFile[],
  before: readonly Found[],
): Generator<Ask, Found[], unknown> {
  const found: Found[] = [];
  for (const file of files) {
    const path = inContext(target.context, file.path);
    // Where it lies in the repository, with values, another rule says so.
    const said = target.copiedSecrets.known && target.copiedSecrets.value.some((s) => s.file === file.path);
    if (path === undefined || said || file.secrets?.length === 0 || before.some((f) => f.path === path)) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const taker = (yield* know(takersOf(target, path))).find((t) => reachesImage(target, t, name));
    if (taker !== undefined) found.push({ file, path, taker });
  }
  return found;
}

function developing({ stacks }: RepositoryNode, targets: readonly BuildTarget[]): boolean {
  const users = stacks.filter((stack) =>
    stack.services.some((s) => s.target !== undefined && targets.includes(s.target)),
  );
  return users.length > 0 && users.every((stack) => stack.purpose.grade === 'development');
}

/** A program that loads the file itself, or a build that reads it, may need it. A line that names the file is for a person to take away. */
function fix(target: BuildTarget, found: readonly Found[]): { readonly fix?: Fix } {
  if (found.some(({ taker }) => taker.named)) return {};
  const title = 'keep it out with the ignore file';
  const edits = ignoreLines(
    target.context,
    found.map(({ path }) => path),
  );
  const builds = target.trace.stages.some((s) => s.steps.some((step) => /\bbuild\b/.test(step.argv?.join(' ') ?? '')));
  return found.every(({ file }) => file.handedOver) && !builds
    ? { fix: { safety: 'safe', title, edits } }
    : { fix: { safety: 'unsafe', title, edits, mustMeasure: ['image.builds', 'service.healthy'] } };
}
