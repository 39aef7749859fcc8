import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

function found(files: Readonly<Record<string, string>>) {
  const { targets, orphans } = discoverTargets(memoryRepo(files));
  return {
    lines: targets.map((target) => `${target.id} ${target.uses.map((use) => `${use.at.file}:${use.at.line}`).join()}`),
    orphanIds: orphans.map((target) => target.id),
  };
}

const BASE = `apiVersion: skaffold/v4beta14
kind: Config
build:
  artifacts:
  - image: base
    context: base
  - image: api
    context: api
    docker:
      dockerfile: Dockerfile
`;

test('The patches of a skaffold profile add artifacts and change those of the file.', () => {
  const { lines } = found({
    'skaffold.yaml': `${BASE}profiles:
- name: more
  patches:
  - op: add
    path: /build/artifacts/1
    value:
      image: hello
      context: hello
- name: debug
  patches:
  - op: replace
    path: /build/artifacts/1/docker/dockerfile
    value: Dockerfile.debug
  - {op: add, path: /build/artifacts/1/docker/target, value: dev}
`,
    'base/Dockerfile': DOCKERFILE,
    'api/Dockerfile': DOCKERFILE,
    'api/Dockerfile.debug': DOCKERFILE,
    'hello/Dockerfile': DOCKERFILE,
  });
  expect(lines).toEqual([
    'api/Dockerfile skaffold.yaml:7',
    'api/Dockerfile.debug#dev skaffold.yaml:23',
    'base/Dockerfile skaffold.yaml:5',
    'hello/Dockerfile skaffold.yaml:17',
  ]);
});

test('A patch that replaces what is not there builds nothing: its Dockerfile stays an orphan.', () => {
  const { lines, orphanIds } = found({
    'skaffold.yaml': `${BASE}profiles:
- name: debug
  patches:
  - op: replace
    path: /build/artifacts/0/docker/dockerfile
    value: Dockerfile.debug
`,
    'base/Dockerfile': DOCKERFILE,
    'base/Dockerfile.debug': 'FROM alpine\nCOPY app.sh /\n',
    'base/app.sh': 'true\n',
    'api/Dockerfile': DOCKERFILE,
  });
  expect(lines).toEqual(['api/Dockerfile skaffold.yaml:7', 'base/Dockerfile skaffold.yaml:5']);
  expect(orphanIds).toEqual(['base/Dockerfile.debug']);
});

test('A custom build command runs in the artifact’s context with BUILD_CONTEXT, and so does the script it calls.', () => {
  const { lines } = found({
    'skaffold.yaml':
      'apiVersion: skaffold/v4beta14\nbuild:\n  artifacts:\n  - image: a\n    context: a\n    custom:\n      buildCommand: docker build -t $IMAGE -f Dockerfile.a $BUILD_CONTEXT\n  - image: b\n    context: b\n    custom:\n      buildCommand: sh tools/build.sh\n  - image: c\n    ko: {}\n',
    'a/Dockerfile.a': DOCKERFILE,
    'b/Dockerfile': DOCKERFILE,
    'b/tools/build.sh': '#!/bin/sh\nset -e\ndocker build --tag "$IMAGE" "$BUILD_CONTEXT"\n',
    Dockerfile: DOCKERFILE,
  });
  expect(lines).toEqual(['a/Dockerfile.a skaffold.yaml:7', 'b/Dockerfile b/tools/build.sh:3']);
});
