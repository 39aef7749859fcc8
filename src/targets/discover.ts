import { baseName } from '../compose/repo-path.ts';
import { known, type Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { composeCombinations } from './combinations.ts';
import type { Collector } from './command-requests.ts';
import { findComposeFiles } from './compose-files.ts';
import { findDockerfiles, realDockerfile } from './dockerfile-files.ts';
import { collectBake } from './from-bake.ts';
import { collectCompose } from './from-compose.ts';
import { collectPipeline } from './from-gitlab.ts';
import { collectJustfile } from './from-justfile.ts';
import { collectGradle, collectMaven } from './from-jvm.ts';
import { collectMakefiles } from './from-makefile.ts';
import { collectPlatform } from './from-platform.ts';
import { collectPowerShell } from './from-powershell.ts';
import { collectPrograms } from './from-program.ts';
import { collectGoreleaser, collectOfficialImages } from './from-release.ts';
import { collectDocument, collectPackageScripts, collectShellScript } from './from-scripts.ts';
import { collectSkaffold } from './from-skaffold.ts';
import { collectDevcontainer, collectOtherPipeline, collectTiltfile } from './from-tools.ts';
import { collectWorkflow, type LocalCalls, localCalls } from './from-workflow.ts';
import { joinTargets } from './join-targets.ts';
import { withDeployments } from './kubernetes-images.ts';
import { orphanTargets } from './orphans.ts';
import { isFixture } from './purpose.ts';
import type { BuildRequest, DiscoveredTarget, Discovery } from './types.ts';

/** A text above this size is no script that a person wrote. */
const MAX_BYTES = 500_000;
const WORKFLOW = /^\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/;
const ACTION = /(?:^|\/)action\.ya?ml$/;
const VENDORED = /(?:^|\/)(?:vendor|testdata|third_party)\//;

/** What is really built, and which compose files are really used together: from every file that builds or starts something. */
export function discoverTargets(repo: Repo): Discovery {
  // Folders such as `{{cookiecutter.slug}}` hold templates of a repository, not a repository.
  const all = repo.files();
  const paths = all.filter((path) => !path.includes('{{') && !VENDORED.test(path));
  const collector: Collector = { repo, requests: [], composeUses: [], bakeUses: [], problems: [] };
  const calls = localCalls(
    repo,
    paths.filter((path) => WORKFLOW.test(path) || ACTION.test(path)),
  );
  for (const path of paths) readFile(collector, path, calls);
  collectMakefiles(collector, paths);
  collectPrograms(collector, paths);
  const bakeable = paths.filter((path) => /bake[^/]*\.(?:hcl|json)$/.test(path) && !/(?:^|\/)vendor\//.test(path));
  collectBake(collector, bakeable);
  const composeFiles = findComposeFiles(repo, paths);
  const combinations = composeCombinations(repo, composeFiles, collector.composeUses);
  collectCompose(collector, combinations);
  const { files, leftOut } = findDockerfiles(
    repo,
    all.filter((path) => !VENDORED.test(path)),
  );
  collectOfficialImages(collector, files);
  const named = collector.requests.filter((request) => {
    if (request.dockerfile.known || request.inline !== undefined || request.context.known) return true;
    // Nothing of it is known: there is no target to judge, only a build to mention.
    const said = request.use.source === 'compose' || request.use.source === 'workflow' || request.use.source === 'bake';
    if (!said)
      collector.problems.push({ at: request.use.at, text: `this build cannot be known: ${request.dockerfile.why}` });
    return said;
  });
  const requests = named.map((request) => throughLinks(repo, request));
  const targets = withDeployments(repo, withoutEchoes(joinTargets(requests)), paths);
  const built = new Set(targets.flatMap((target) => (target.dockerfile.known ? [target.dockerfile.value] : [])));
  const undecided = collector.requests
    .filter((request) => !request.dockerfile.known && request.inline === undefined && request.use.source !== 'compose')
    .map((request): Reason => ({ kind: 'source', at: request.use.at, text: 'a build whose Dockerfile is not known' }));
  const orphans = files
    .filter((file) => {
      const real = realDockerfile(repo, file);
      return !built.has(real) && (real === file || !files.includes(real));
    })
    .flatMap((file) => orphanTargets(repo, file))
    .map((target): DiscoveredTarget => (undecided.length === 0 ? target : { ...target, undecided }))
    .sort((a, b) => Number(a.fixture) - Number(b.fixture) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { targets, combinations, orphans, leftOut, problems: collector.problems };
}

function throughLinks(repo: Repo, request: BuildRequest): BuildRequest {
  const { dockerfile } = request;
  if (!dockerfile.known) return request;
  const real = realDockerfile(repo, dockerfile.value);
  return real === dockerfile.value ? request : { ...request, dockerfile: known(real, ...dockerfile.because) };
}

/** A document's `docker build .` adds nothing where something really builds the Dockerfile. */
function withoutEchoes(targets: readonly DiscoveredTarget[]): readonly DiscoveredTarget[] {
  const live = new Set(
    targets.flatMap((target) => (target.rank === 'live' && target.dockerfile.known ? [target.dockerfile.value] : [])),
  );
  return targets.filter(
    (target) => target.rank === 'live' || !target.dockerfile.known || !live.has(target.dockerfile.value),
  );
}

function readFile(collector: Collector, path: string, calls: LocalCalls): void {
  const name = baseName(path);
  const { repo } = collector;
  const text = () => {
    const entry = repo.entry(path);
    return entry === undefined || entry.size > MAX_BYTES ? undefined : repo.text(path);
  };
  if (WORKFLOW.test(path) || ACTION.test(path)) collectWorkflow(collector, path, calls);
  else if (/^\.gitlab-ci\.ya?ml$|\.gitlab-ci\.ya?ml$/.test(name) || /^\.gitlab\/.*\.ya?ml$/.test(path))
    collectPipeline(collector, path);
  else if (
    /^(?:cloudbuild[^/]*\.ya?ml|buildspec[^/]*\.ya?ml|bitbucket-pipelines\.yml|\.drone\.yml|\.travis\.yml|azure-pipelines[^/]*\.ya?ml|\.woodpecker\.ya?ml)$/.test(
      name,
    ) ||
    /^\.(?:circleci|buildkite|woodpecker)\/.*\.ya?ml$/.test(path)
  )
    collectOtherPipeline(collector, path);
  else if (/^skaffold[^/]*\.ya?ml$/.test(name)) collectSkaffold(collector, path);
  else if (
    /^fly[^/]*\.toml$|^railway\.(?:toml|json)$/.test(name) ||
    name === 'render.yaml' ||
    name === 'heroku.yml' ||
    /^app\.ya?ml$/.test(name)
  )
    collectPlatform(collector, path);
  else if (/^\.?goreleaser[^/]*\.ya?ml$/.test(name)) collectGoreleaser(collector, path);
  else if (name === 'pom.xml') collectMaven(collector, path);
  else if (/\.gradle(?:\.kts)?$/.test(name)) collectGradle(collector, path);
  else if (name === 'devcontainer.json' || /(?:^|\/)\.cursor\/environment\.json$/.test(path))
    withText(text(), (source) => collectDevcontainer(collector, path, source));
  else if (name === 'Tiltfile') withText(text(), (source) => collectTiltfile(collector, path, source));
  else if (/^\.?justfile$|\.just$/i.test(name)) withText(text(), (source) => collectJustfile(collector, path, source));
  else if (name === 'package.json') withText(text(), (source) => collectPackageScripts(collector, path, source));
  else if (/\.(?:sh|bash|zsh)$/.test(name) || isScript(repo, path, name))
    withText(text(), (source) => collectShellScript(collector, path, source));
  else if (/\.ps1$/i.test(name)) withText(text(), (source) => collectPowerShell(collector, path, source));
  else if (/\.(?:md|mdx|rst|adoc)$/i.test(name) && !isFixture(path))
    withText(text(), (source) => collectDocument(collector, path, source));
}

/** A file without an ending in a folder of scripts that begins with a shell's shebang. */
function isScript(repo: Repo, path: string, name: string): boolean {
  if (name.includes('.')) return false;
  const entry = repo.entry(path);
  if (entry === undefined || entry.type !== 'file' || entry.size > 100_000 || (entry.mode & 0o111) === 0) return false;
  return /^#!.*\b(?:ba|da|z|k)?sh\b/.test(repo.text(path)?.slice(0, 60) ?? '');
}

function withText(text: string | undefined, read: (source: string) => void): void {
  if (text !== undefined) read(text);
}
