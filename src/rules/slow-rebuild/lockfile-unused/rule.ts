import { each, know } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import type { Step } from '../../../simulate/trace.ts';
import { installOf } from '../../installs.ts';
import { claim, rule } from '../../rule.ts';

/** Lock files by the package manager that reads them. */
const READ: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['package-lock.json', 'npm-shrinkwrap.json']],
  ['yarn', ['yarn.lock']],
  ['pnpm', ['pnpm-lock.yaml']],
  ['bun', ['bun.lock', 'bun.lockb']],
]);

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'the install does not hold to the lock file that is committed',
  why: 'Without the lock file the installer takes whatever fits on the day of the build: two builds of one commit are not the same, and a broken release of any package reaches the image at once. A plain install beside a lock file changes it silently where it does not fit package.json; `npm ci` stops, and is faster.',
  remedy:
    'Copy the lock file with package.json, and install with `npm ci` (pnpm and yarn: `--frozen-lockfile`, yarn 2 and up: `--immutable`).',
  proof: 'none',
  *check(target) {
    if (target.development) return;
    yield* each(target.trace.stages, function* (stage) {
      const exported = stage.steps.some((step) => EXPORTED.test((step.argv ?? []).join(' ')));
      const passing = exported ? undefined : stage.steps.flatMap((step) => passedBy(target, step) ?? [])[0];
      if (passing !== undefined) {
        yield* know(target.sent);
        yield claim({
          at: passing.step.at,
          title: `${passing.words} does not read ${passing.name}: it takes whatever fits on the day of the build`,
          subject: `${stage.index} ${passing.name}`,
          because: [{ kind: 'derived', at: passing.step.at, text: `${passing.path} is in the repository` }],
        });
        return;
      }
      const installs = stage.steps.filter((step) => installOf(step, false)?.language === 'node');
      if (installs.some(holds)) return;
      yield* know(target.sent);
      for (const step of installs) {
        const lock = lockBeside(target, step);
        if (lock === undefined || step.breaks.length > 0) continue;
        const words = (step.argv ?? []).slice(0, 2).join(' ');
        yield claim({
          at: step.at,
          title: lock.seen
            ? `${words} may install other versions than ${lock.name} says`
            : `${words} does not see ${lock.name}: it is not copied before`,
          subject: `${stage.index} ${lock.name}`,
          severity: lock.seen ? 'note' : 'warning',
          because: [{ kind: 'derived', at: step.at, text: `${lock.path} is in the repository` }],
        });
        return;
      }
    });
  },
});

/** An install that stops where the lock file does not fit, or that wants none. */
function holds({ argv = [] }: Step): boolean {
  const [, verb = ''] = argv;
  return (
    /^(ci|clean-install|fetch)$/.test(verb) ||
    argv.some((word) => /^--(frozen-lockfile|immutable|prefer-frozen-lockfile|no-package-lock|no-lockfile)/.test(word))
  );
}

/** The lock file that the repository has beside the package.json of an install, and whether the install can see it. */
function lockBeside(
  target: BuildTarget,
  step: Step,
): { readonly name: string; readonly path: string; readonly seen: boolean } | undefined {
  const { workdir, tree } = step.before;
  if (!workdir.known) return undefined;
  const folder = workdir.value === '/' ? '' : workdir.value;
  const manifest = tree.lookup(`${folder}/package.json`);
  const source = manifest.known && manifest.value.presence === 'present' ? manifest.value.entry?.source : undefined;
  if (source === undefined) return undefined;
  // Each package manager reads its own: the other's lock file plays no part.
  const own = READ.get((step.argv?.[0] ?? '').split('/').pop() ?? '') ?? [];
  const seen = own.some((name) => {
    const found = tree.lookup(`${folder}/${name}`);
    return !found.known || found.value.presence !== 'absent';
  });
  const beside = source.slice(0, source.lastIndexOf('/') + 1);
  const name = own.find((lock) => target.repo.entry(beside + lock)?.type === 'file');
  return name === undefined ? undefined : { name, path: beside + name, seen };
}

/** An install of a Python project by pip, which reads no lock file, where the repository has one beside the manifest. */
function passedBy({ repo }: BuildTarget, step: Step) {
  const [program = '', ...rest] = step.argv ?? [];
  const name = program.split('/').pop() ?? '';
  const words = name === 'uv' && rest[0] === 'pip' ? rest.slice(1) : /^pip[\d.]*$/.test(name) ? rest : [];
  const project = words.some((word) => /^(?:\.(?:\[[\w,-]+\])?|(?:\.\/)?pyproject\.toml)$/.test(word));
  const { workdir, tree } = step.before;
  // Packages that an earlier line took from the lock file are there already.
  if (words[0] !== 'install' || !project || words.includes('--no-deps') || !workdir.known || step.breaks.length > 0)
    return undefined;
  const manifest = tree.lookup(`${workdir.value === '/' ? '' : workdir.value}/pyproject.toml`);
  const source = manifest.known && manifest.value.presence === 'present' ? manifest.value.entry?.source : undefined;
  if (source === undefined) return undefined;
  const beside = source.slice(0, source.lastIndexOf('/') + 1);
  const lock = PYTHON.find((one) => repo.entry(beside + one)?.type === 'file');
  return lock === undefined
    ? undefined
    : { step, name: lock, path: beside + lock, words: [name, ...rest].slice(0, name === 'uv' ? 3 : 2).join(' ') };
}

/** What takes the versions of a lock file in another way. */
const EXPORTED =
  /^(?:uv (?:sync|export)|poetry (?:install|export)|pdm (?:install|sync|export))\b|\s-r\s*(?!\S*pyproject)\S/;
const PYTHON = ['uv.lock', 'poetry.lock', 'pdm.lock'];
