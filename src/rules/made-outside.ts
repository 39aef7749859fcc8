import type { BuildTarget } from '../model/types.ts';
import type { Repo } from '../repo/repo.ts';
import type { Break } from '../simulate/trace.ts';

/** Folders that builds write to, by the habits of their tools. */
const OUTPUT = /^(.*\/)?(dist|build|out|target|bin|publish|release|artifacts?|\.next|\.output|_build|rel)(\/|$)/;

/** Why something that is not in the repository may be there when it is built: git hides it or fetches it apart, it bears the name of a
 * build's output, or a step of a Makefile, script or workflow makes it. */
export function madeOutside(repo: Repo, broken: Break): string | undefined {
  const { subject, detail, because } = broken;
  if (detail['submodule'] !== undefined)
    return `${subject} lies in the submodule ${detail['submodule']}, which is fetched apart`;
  if (onlyBeforeTheBuild(broken)) {
    const teller = tellerOf(repo, broken);
    return teller === undefined ? undefined : `${subject} is not in git, and ${teller} may tell how it is made`;
  }
  const path = detail['path'] ?? subject;
  if (because.some((reason) => /--from/i.test(reason.text))) return undefined;
  const maker = makerOf(repo, path.slice(path.lastIndexOf('/') + 1));
  return maker === undefined ? undefined : `${maker} may make ${subject} before the build`;
}

/** A file such as `.env` that another stage has from `COPY . .` once it is made from its example: git hides it from a fresh clone. */
export function bySetUp({ repo, context, dockerfile }: BuildTarget, broken: Break): string | undefined {
  const name = broken.subject.slice(broken.subject.lastIndexOf('/') + 1);
  const path = context.dir === '' ? name : `${context.dir}/${name}`;
  const example = EXAMPLES.map((suffix) => `${path}${suffix}`).find((file) => repo.entry(file) !== undefined);
  if (example === undefined || repo.gitIgnored(path) !== true || context.ignored(name).ignored) return undefined;
  const whole = dockerfile.instructions.some(
    (i) =>
      ((i.keyword === 'COPY' && i.from === undefined) || i.keyword === 'ADD') &&
      i.sources.some(({ text }) => /^\.?\/?$/.test(text)),
  );
  return whole ? `${path} is not in git, and ${example} may tell how it is made` : undefined;
}

const EXAMPLES = ['.example', '.sample', '.dist', '.template', '.tmpl', '.default'];

/** Something that git hides, or that bears the name of a build's output: its author may have it where a fresh clone has not. */
export function onlyBeforeTheBuild({ subject, detail, because }: Break): boolean {
  if (detail['gitIgnored'] === 'true') return true;
  return OUTPUT.test(detail['path'] ?? subject) && !because.some((reason) => /--from/i.test(reason.text));
}

/** Commands whose output a COPY may take. */
const BUILDS =
  /\b(?:npm|yarn|pnpm|bun)\s+(?:--?\S+\s+(?:\S+\s+)?)*(?:run\s+)?[\w:-]*build|\bmvnw?\b[^\n]*\b(?:package|install|verify)\b|\bgradlew?\b|\bgo\s+build\b|\bcargo\s+build\b|\bdotnet\s+(?:publish|build)\b|\b(?:vite|ng|nx|turbo)\s+(?:run\s+)?build\b|\bmake\s+\w*(?:build|dist|package)/;

/** The file that tells how something that git hides comes to be: its example beside it, or words of it in a document or a step; for
 * the output of a build, also the command that builds. */
function tellerOf(repo: Repo, { subject, detail }: Break): string | undefined {
  if (detail['example'] !== undefined) return detail['example'];
  const path = (detail['path'] ?? subject).replace(/^(?:\.?\/)+|\/+$/g, '');
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/[*?[\]].*$/, '') || path;
  const output = OUTPUT.test(path);
  // The folder that is missing as a whole may be what is spoken of.
  const folder = path.split('/').length > 1 ? (path.split('/')[0] ?? path) : path;
  const spoken = folder !== path && !output && repo.entry(folder) === undefined ? folder : path;
  return repo.files().find((file) => {
    if (!STEPS.test(file) && !/\.(md|rst|adoc|txt|ya?ml|json|toml|py|[cm]?[jt]s)$/i.test(file)) return false;
    if (/(^|\/)(package-lock\.json|pnpm-lock\.yaml|tsconfig[^/]*\.json)$/.test(file)) return false;
    if ((repo.entry(file)?.size ?? 0) > 300_000) return false;
    const text = repo.text(file) ?? '';
    return (
      text.includes(path) ||
      (spoken !== path && text.includes(spoken)) ||
      (!output && text.includes(name)) ||
      (output && !file.endsWith('.json') && BUILDS.test(text))
    );
  });
}

/** Names that people write and no step makes. */
const WRITTEN =
  /^(package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|requirements.*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|go\.(mod|sum)|\.env.*|README.*)$/;

const STEPS =
  /(^|\/)(GNUm|M|m)akefile$|\.(mk|sh|bash)$|(^|\/)([Jj]ustfile|Taskfile\.ya?ml|build\.ps1)$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.(buildkite|circleci)\/|^\.gitlab-ci\.yml$|(^|\/)Jenkinsfile$/;

/** The first file of steps in which a line writes a file of this name. */
function makerOf(repo: Repo, name: string): string | undefined {
  if (name.length < 4 || WRITTEN.test(name) || /[*?$]/.test(name)) return undefined;
  const word = name.replace(/[.+^()|[\]{}]/g, '\\$&');
  const writes = new RegExp(
    `^[^#\\n]*(?:\\b(?:cp|mv|ln|install|rsync|wget|curl|tar|touch|unzip)\\b|>|\\s-o\\s|--output|:=|=\\s*)[^\\n]*(?<![\\w-])${word}(?![\\w-])|^(?:\\S*/)?${word}\\s*:(?!=)`,
    'm',
  );
  return repo.files().find((path) => {
    if (!STEPS.test(path)) return false;
    const text = repo.text(path);
    return text?.includes(name) === true && writes.test(text);
  });
}

/** A file that nothing builds, of whose sources most do not lie in the folder that was taken for its context: another one is meant. */
export function otherContextMeant(target: BuildTarget): string | undefined {
  const { contextGuessed, dockerfile, trace, context } = target;
  if (!contextGuessed) return undefined;
  const sources = dockerfile.instructions.flatMap((i) =>
    (i.keyword === 'COPY' && i.from === undefined) || i.keyword === 'ADD'
      ? i.sources.filter(({ text }) => !/^\w+:\/\/|^git@/.test(text))
      : [],
  );
  const absent = trace.breaks.filter(({ kind }) => kind === 'copy-source-absent');
  const none = sources.length > 2 && absent.length >= sources.length;
  // A folder below the root without a manifest is no project: half of the named files missing there is enough.
  const named = sources.filter(({ text }) => !/[*?[]|^[./]*$/.test(text)).length;
  const half = absent.length > 0 && absent.length * 2 >= named && context.dir !== '' && !isProject(target);
  if (!none && !half) return undefined;
  const folder = context.dir === '' ? 'the root' : context.dir;
  return `${none ? 'nothing' : 'not much'} of what ${dockerfile.file} copies lies in ${folder}: another context is meant`;
}

const MANIFEST =
  /(^|\/)(package\.json|pyproject\.toml|requirements[^/]*\.txt|setup\.py|Pipfile|go\.mod|pom\.xml|build\.gradle(\.kts)?|Gemfile|mix\.exs|Cargo\.toml|composer\.json|[^/]+\.csproj)$/;

function isProject({ repo, context }: BuildTarget): boolean {
  return repo.children(context.dir).some((entry) => entry.type === 'file' && MANIFEST.test(entry.path));
}
