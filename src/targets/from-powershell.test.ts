import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

function targets(files: Readonly<Record<string, string>>) {
  return discoverTargets(memoryRepo(files)).targets.map((target) => `${target.id} :${target.uses[0]?.at.line}`);
}

test('A PowerShell script builds in the folder that it went to, with variables and continued lines.', () => {
  expect(
    targets({
      'windows/build.ps1': `<# docker build old #>
$wd = $pwd
# docker build nothing
cd $wd\\docker\\database
docker build -t db-builder -f Dockerfile.builder .

cd $wd\\docker\\api
$tag = "1.0"
docker image build \`
  --tag "api:$tag" \`
  .
`,
      'windows/docker/database/Dockerfile.builder': DOCKERFILE,
      'windows/docker/database/Dockerfile': DOCKERFILE,
      'windows/docker/api/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['windows/docker/api/Dockerfile :9', 'windows/docker/database/Dockerfile.builder :5']);
});

test('The script’s own folder is known by $PSScriptRoot, Join-Path and Split-Path.', () => {
  expect(
    targets({
      'eng/ci/build.ps1': `$here = Split-Path -Parent $MyInvocation.MyCommand.Path
Push-Location (Join-Path $PSScriptRoot ..\\..)
& docker buildx build --target prod -f docker\\Dockerfile .
Pop-Location
docker build "$here\\tools"
`,
      'docker/Dockerfile': DOCKERFILE,
      'eng/ci/tools/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['docker/Dockerfile@.#prod :3', 'eng/ci/tools/Dockerfile :5']);
});

test('What a PowerShell script decides when it runs names no Dockerfile.', () => {
  const { targets: found, orphans } = discoverTargets(
    memoryRepo({
      'build.ps1':
        'param([string]$Context)\n$words = @("-f", "other/Dockerfile")\ndocker build @words .\ndocker build $Context\nSet-Location (Get-Item $Context).FullName\ndocker build .\n',
      Dockerfile: DOCKERFILE,
      'other/Dockerfile': DOCKERFILE,
    }),
  );
  expect(found.filter((target) => target.dockerfile.known)).toEqual([]);
  expect(orphans.map((target) => target.id)).toContain('Dockerfile');
});
