import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

test('The recipes of a justfile build in its folder, line by line or as one script.', () => {
  const { targets, combinations } = discoverTargets(
    memoryRepo({
      justfile: `set shell := ["bash", "-c"]
export COMPOSE_FILE := "local.yml"
tag := 'dev'
arch := if tag == "" { "amd64" } else { "arm64" }

# docker build nothing
up *args:
    @docker compose up -d {{ args }}

[private]
_controller-build: up
    docker buildx build . \\
        --file='Dockerfile.controller' \\
        --platform={{ if arch == '' { "amd64" } else { arch } }} \\
        --tag='x:{{ tag }}'

web target="prod":
    #!/usr/bin/env bash
    set -eu
    cd web
    docker build --target {{ target }} .

other:
    docker build {{ tag }}
`,
      'local.yml': 'services:\n  db:\n    build: db\n',
      'Dockerfile.controller': DOCKERFILE,
      'web/Dockerfile': DOCKERFILE,
      'db/Dockerfile': DOCKERFILE,
      'dev/Dockerfile': DOCKERFILE,
    }),
  );
  expect(targets.map((target) => `${target.id} :${target.uses[0]?.at.line}`)).toEqual([
    'Dockerfile.controller :12',
    'db/Dockerfile :3',
    'dev/Dockerfile :24',
    'web/Dockerfile#(unknown) :21',
  ]);
  expect(combinations.map((combination) => combination.files)).toEqual([['local.yml']]);
});
