import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

function ids(files: Readonly<Record<string, string>>) {
  return discoverTargets(memoryRepo(files)).targets.map((target) => `${target.rank} ${target.id}`);
}

test('A folder that a script works out from its own in several steps is known.', () => {
  expect(
    ids({
      'hack/dev/scripts/build.sh': `#!/bin/bash
SCRIPT_DIR="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"
TEST_DIR="$(cd "$SCRIPT_DIR/.." && pwd)"
REPO_ROOT="$(cd "$TEST_DIR/../.." && pwd)"
cd "$REPO_ROOT"
docker build -t client -f "hack/dev/Dockerfile.client" . || { exit 1; }
`,
      'hack/dev/Dockerfile.client': DOCKERFILE,
      'ops/a/b/up.sh':
        '#!/bin/sh\ncd "$(dirname "$(dirname "$(readlink -f "$0")")")"\ndocker build -f Dockerfile.a .\n',
      'ops/a/Dockerfile.a': DOCKERFILE,
      'tools/x/y/z.sh':
        '#!/bin/sh\nROOT=$(cd "$(dirname "$0")/../.." && pwd)\ndocker build -f "$ROOT/x/Dockerfile.x" "$ROOT"\n',
      'tools/x/Dockerfile.x': DOCKERFILE,
    }),
  ).toEqual(['live hack/dev/Dockerfile.client@.', 'live ops/a/Dockerfile.a', 'live tools/x/Dockerfile.x@tools']);
});

test('A default that a script gives a variable counts, also for the command itself.', () => {
  expect(
    ids({
      'shell.sh':
        '#!/bin/sh\n: "${BUILDX_CMD=docker buildx}"\n: ${STAGE:=shell}\niid=$(mktemp -u)\n(set -x ; ${BUILDX_CMD} build --output "type=docker,name=$iid" --target $STAGE .)\n',
      Dockerfile: 'FROM alpine AS shell\nFROM shell\n',
    }),
  ).toEqual(['live Dockerfile#shell']);
});

test('A document’s command with a prompt and a variable names every Dockerfile that fits.', () => {
  expect(
    ids({
      'workstation/README.md':
        '# Images\n\n```shell\n$> export PHASE=pre  # or `post`\n```\n\n```shell\n$> docker build -t x -f ./${PHASE}install/Dockerfile .\n```\n',
      'workstation/preinstall/Dockerfile': DOCKERFILE,
      'workstation/postinstall/Dockerfile': DOCKERFILE,
      'workstation/Dockerfile': DOCKERFILE,
    }),
  ).toEqual([
    'documented workstation/postinstall/Dockerfile@workstation',
    'documented workstation/preinstall/Dockerfile@workstation',
  ]);
});

test('The commands of an AWS CodeBuild specification build.', () => {
  expect(
    ids({
      'buildspec.yml':
        'version: 0.2\nphases:\n  build:\n    commands:\n      - echo hello\n      - docker build --target builder --cache-from $REGISTRY/x:builder -f client/Dockerfile.prod -t $REGISTRY/x:builder ./client\n',
      'client/Dockerfile.prod': 'FROM alpine AS builder\nFROM scratch\n',
    }),
  ).toEqual(['live client/Dockerfile.prod#builder']);
});

test('A bake target that a group names is built, though others inherit from it; one that is only inherited is not.', () => {
  expect(
    ids({
      'docker-bake.hcl': `group "validate" { targets = ["lint", "lint-gopls"] }
target "_common" { args = { GO = "1" } }
target "lint" {
  inherits = ["_common"]
  dockerfile = "lint.Dockerfile"
}
target "lint-gopls" {
  inherits = ["lint"]
  target = "gopls"
}
target "test-base" {
  inherits = ["_common"]
  target = "base"
}
target "test" {
  inherits = ["test-base"]
  target = "test"
}
`,
      'lint.Dockerfile': 'FROM alpine AS gopls\nFROM alpine\n',
      Dockerfile: 'FROM alpine AS base\nFROM base AS test\n',
    }),
  ).toEqual(['live Dockerfile#test', 'live lint.Dockerfile', 'live lint.Dockerfile#gopls']);
});

test('Options of which one or the other is used, and which change nothing of what is built, leave the build known.', () => {
  const script = (one: string, other: string) => ({
    'build.sh': `#!/bin/sh\nif [ "$PUSH" = true ]; then\n  args="--platform \${PLATFORMS:=linux/amd64} ${one}"\nelse\n  args="${other}"\nfi\ndocker buildx build --tag x $args .\n`,
    Dockerfile: DOCKERFILE,
    'other/Dockerfile': DOCKERFILE,
  });
  expect(ids(script('--push', '--load'))).toEqual(['live Dockerfile']);
  const { targets, problems } = discoverTargets(memoryRepo(script('--push', '-f other/Dockerfile')));
  expect(targets.flatMap((target) => (target.dockerfile.known ? [target.dockerfile.value] : []))).toEqual([]);
  expect([...targets.map((target) => target.id), ...problems.map((problem) => problem.text)]).toHaveLength(1);
});
