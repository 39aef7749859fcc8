import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';

function found(files: Readonly<Record<string, string>>) {
  const discovery = discoverTargets(memoryRepo(files));
  return {
    ...discovery,
    ids: discovery.targets.map((target) => target.id),
    orphanIds: discovery.orphans.map((target) => target.id),
    combinationIds: discovery.combinations.map(
      (combination) => `${combination.id} (${combination.rank}, ${combination.purpose})`,
    ),
  };
}

test('A compose service with a build is a target, with context, stage and arguments.', () => {
  const { targets, orphanIds } = found({
    'compose.yml':
      'services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n      target: prod\n      args: {V: "1", TOKEN: }\n',
    'docker/Dockerfile': DOCKERFILE,
  });
  expect(targets).toMatchObject([
    {
      id: 'docker/Dockerfile@.#prod',
      dockerfile: { known: true, value: 'docker/Dockerfile' },
      context: { known: true, value: '' },
      stage: { known: true, value: 'prod' },
      rank: 'live',
      uses: [{ source: 'compose', name: 'web', at: { file: 'compose.yml', line: 4 } }],
    },
  ]);
  expect(targets[0]?.args.get('V')).toMatchObject({ known: true, value: '1' });
  expect(targets[0]?.args.get('TOKEN')).toMatchObject({ known: false });
  expect(orphanIds).toEqual([]);
});

test('The same Dockerfile from two contexts is two targets.', () => {
  const { ids } = found({
    'compose.yml': 'services:\n  a: {build: ./api}\n',
    '.github/workflows/ci.yml':
      'jobs:\n  image:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: ., file: api/Dockerfile}\n',
    'api/Dockerfile': DOCKERFILE,
  });
  expect(ids).toEqual(['api/Dockerfile', 'api/Dockerfile@.']);
});

test('A matrix of a workflow gives one target for each of its rows.', () => {
  const { ids } = found({
    '.github/workflows/ci.yml':
      'env:\n  ROOT: services\njobs:\n  image:\n    strategy:\n      matrix:\n        service: [api, web]\n        include:\n          - {service: web, stage: prod}\n          - {service: job, stage: run}\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ env.ROOT }}/${{ matrix.service }}\n          file: ${{ env.ROOT }}/${{ matrix.service }}/Dockerfile\n',
    'services/api/Dockerfile': DOCKERFILE,
    'services/web/Dockerfile': DOCKERFILE,
    'services/job/Dockerfile': DOCKERFILE,
  });
  expect(ids).toEqual(['services/api/Dockerfile', 'services/job/Dockerfile', 'services/web/Dockerfile']);
});

test('A variable that chooses the Dockerfile leaves those that fit live, not orphans.', () => {
  const { ids, orphanIds } = found({
    'build.sh': '#!/bin/sh\nfor s in $(ls services); do docker build -f services/$s/Dockerfile services/$s; done\n',
    'services/api/Dockerfile': DOCKERFILE,
    'services/web/Dockerfile': DOCKERFILE,
    'tools/Dockerfile': DOCKERFILE,
  });
  expect(ids).toEqual(['services/api/Dockerfile', 'services/web/Dockerfile']);
  expect(orphanIds).toEqual(['tools/Dockerfile', 'tools/Dockerfile@.']);
});

test('A shell step follows its working directory, cd and variables; Makefiles and package scripts too.', () => {
  const { targets } = found({
    '.github/workflows/ci.yml':
      'jobs:\n  a:\n    defaults: {run: {working-directory: app}}\n    steps:\n      - run: |\n          set -e\n          docker buildx build \\\n            --target ci -f Dockerfile.ci --build-arg A=1 .\n',
    'app/Dockerfile.ci': DOCKERFILE,
    'db/Dockerfile': DOCKERFILE,
    'tool/Dockerfile': DOCKERFILE,
    'scripts/push.sh': '#!/bin/bash\ncd "$(dirname "$0")/.."\nDIR=db\n(cd $DIR && sudo docker build -t x/$DIR .)\n',
    Makefile: 'IMG ?= tool\nDIR := ./$(IMG)\n\nbuild: deps\n\t@docker build -t $(IMG) \\\n\t  $(DIR)\n',
  });
  expect(targets.map((target) => [target.id, target.uses[0]?.source, target.uses[0]?.at.line])).toEqual([
    ['app/Dockerfile.ci#ci', 'workflow', 7],
    ['db/Dockerfile', 'script', 4],
    ['tool/Dockerfile', 'makefile', 5],
  ]);
});

test('Bake targets inherit, use variables and are multiplied by a matrix; functions are unknown.', () => {
  const { targets } = found({
    'docker-bake.hcl': `variable "REGISTRY" { default = "ghcr.io/x" }
variable "STAGE" { default = "" }
function "tag" { params = [n] result = ["\${REGISTRY}/\${n}"] }
group "default" { targets = ["app", "svc"] }
target "_common" {
  context = "."
  args = { A = "1", B = tag("x") }
}
target "app" {
  inherits = ["_common"]
  dockerfile = "app/Dockerfile" # the app
  target = STAGE == "" ? "prod" : STAGE
  tags = ["\${REGISTRY}/app:latest"]
}
target "svc" {
  name = "svc-\${s}"
  matrix = { s = ["a", "b"] }
  inherits = ["_common"]
  dockerfile = "svc/\${s}.Dockerfile"
}
`,
    'app/Dockerfile': DOCKERFILE,
    'svc/a.Dockerfile': DOCKERFILE,
    'svc/b.Dockerfile': DOCKERFILE,
  });
  expect(targets.map((target) => [target.id, target.uses[0]?.name, target.uses[0]?.at.line])).toEqual([
    ['app/Dockerfile@.#prod', 'app', 9],
    ['svc/a.Dockerfile@.', 'svc-a', 15],
    ['svc/b.Dockerfile@.', 'svc-b', 15],
  ]);
  expect(targets[0]?.args.get('A')).toMatchObject({ value: '1' });
  expect(targets[0]?.args.get('B')).toMatchObject({ known: false });
  expect(targets[0]?.uses[0]?.tags).toEqual(['ghcr.io/x/app:latest']);
});

test('Platform files, skaffold and dev containers name Dockerfiles.', () => {
  const { targets } = found({
    'api/fly.toml': '[build]\n  dockerfile = "Dockerfile.fly"\n  build-target = "web"\n[build.args]\n  N = "1"\n',
    'api/Dockerfile.fly': DOCKERFILE,
    'railway.json': '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "deploy/Dockerfile"}}',
    'deploy/Dockerfile': DOCKERFILE,
    'render.yaml':
      'services:\n  - type: web\n    name: w\n    runtime: docker\n    dockerfilePath: ./web/Dockerfile\n    dockerContext: ./web\n',
    'web/Dockerfile': DOCKERFILE,
    'skaffold.yaml':
      'apiVersion: skaffold/v4beta6\nbuild:\n  artifacts:\n    - image: x/job\n      context: job\n      docker: {dockerfile: Dockerfile.job, target: run}\n',
    'job/Dockerfile.job': DOCKERFILE,
    '.devcontainer/devcontainer.json':
      '{\n  // the container\n  "build": {"dockerfile": "Dockerfile", "context": ".."},\n}\n',
    '.devcontainer/Dockerfile': DOCKERFILE,
    'k8s/job.yaml': 'kind: Job\nspec:\n  containers:\n    - image: x/job:1.2\n',
  });
  expect(targets.map((target) => [target.id, target.uses[0]?.source])).toEqual([
    ['.devcontainer/Dockerfile@.', 'devcontainer'],
    ['api/Dockerfile.fly#web', 'platform'],
    ['deploy/Dockerfile@.', 'platform'],
    ['job/Dockerfile.job#run', 'skaffold'],
    ['web/Dockerfile', 'platform'],
  ]);
  expect(targets[3]?.because.at(-1)).toMatchObject({ at: { file: 'k8s/job.yaml', line: 4 } });
});

test('A Git context is unknown, and so is the Dockerfile in it.', () => {
  const { targets } = found({ 'compose.yml': 'services:\n  a: {build: "https://github.com/o/r.git#main"}\n' });
  expect(targets).toMatchObject([{ context: { known: false }, dockerfile: { known: false }, rank: 'live' }]);
});

test('What a document builds is documented, and adds nothing to what something really builds.', () => {
  const { targets } = found({
    'README.md': '# Run\n\n```sh\n$ docker build -t app .\n$ docker build -t old -f old/Dockerfile old\n```\n',
    Dockerfile: DOCKERFILE,
    'old/Dockerfile': DOCKERFILE,
    'compose.yml': 'services:\n  a: {build: {context: ., target: x}}\n',
  });
  expect(targets.map((target) => [target.id, target.rank])).toEqual([
    ['Dockerfile#x', 'live'],
    ['old/Dockerfile', 'documented'],
  ]);
});

test('A Dockerfile that nothing builds is an orphan; what it copies tells its context, templates are left out.', () => {
  const { orphans, leftOut } = found({
    'svc/Dockerfile': 'FROM alpine\nCOPY src/main.c /\n',
    'svc/src/main.c': '',
    'docker/app.Dockerfile': 'FROM alpine\nCOPY package.json /\n',
    'package.json': '{}',
    'x/Dockerfile': DOCKERFILE,
    'Dockerfile.j2': 'FROM {{ base }}\n',
    'gen/Dockerfile': 'FROM <%= base %>\n',
    'Dockerfile.dockerignore': '*',
    'Dockerfile.md': '# FROM here\n',
  });
  expect(orphans.map((target) => target.id)).toEqual([
    'docker/app.Dockerfile@.',
    'svc/Dockerfile',
    'x/Dockerfile',
    'x/Dockerfile@.',
  ]);
  expect(leftOut.map((item) => item.file)).toEqual(['Dockerfile.j2', 'gen/Dockerfile']);
});

const BASE = 'services:\n  a: {image: x}\n  b: {image: y}\nnetworks: {back: }\n';

test('Compose takes a base with its override by itself; an overlay is found by what it lacks.', () => {
  const { combinationIds } = found({
    'docker-compose.yml': BASE,
    'docker-compose.override.yml': 'services:\n  a: {ports: ["1:1"]}\n',
    'docker-compose.prod.yml': 'services:\n  a: {restart: always}\n',
    'docker-compose.tools.yml': 'services:\n  t: {image: z}\n',
    'docker-compose.ci.yml': 'services:\n  c: {image: z, networks: [back]}\n',
  });
  expect(combinationIds).toEqual([
    'base+override (used, development)',
    'base+ci (guessed, development)',
    'base+prod (guessed, production)',
    'tools (guessed, unclear)',
  ]);
});

test('COMPOSE_FILE and -f chains of scripts, workflows and documents are combinations with their reasons.', () => {
  const { combinations, combinationIds } = found({
    'deploy/docker-compose.yml': BASE,
    'deploy/docker-compose.prod.yml': 'services:\n  a: {restart: always}\n',
    'deploy/docker-compose.obs.yml': 'services:\n  o: {image: x}\n',
    'deploy/up.sh':
      '#!/bin/sh\ncd "$(dirname "$0")"\nFILES="-f docker-compose.yml -f docker-compose.prod.yml"\ndocker compose $FILES --profile full up -d\n',
    'README.md': 'Run `docker compose -f deploy/docker-compose.yml -f deploy/docker-compose.obs.yml up`.\n',
    'local/.env': 'COMPOSE_FILE=compose.yaml:extra.compose.yaml\n',
    'local/compose.yaml': BASE,
    'local/extra.compose.yaml': 'services:\n  a: {restart: always}\n',
  });
  expect(combinationIds).toEqual([
    'deploy/base (used, production)',
    'deploy/base+prod[full] (used, production)',
    'local/base+extra (used, development)',
    'deploy/base+obs (documented, production)',
  ]);
  expect(combinations[1]).toMatchObject({ profiles: ['full'], because: [{ at: { file: 'deploy/up.sh', line: 4 } }] });
});

test('Broken files end nothing.', () => {
  const { ids } = found({
    'docker-compose.yml': 'services:\n\ta: [\n',
    '.github/workflows/x.yml': '{{{{',
    'package.json': '{',
    'docker-bake.hcl': 'target "a" { dockerfile = "x${',
    'fly.toml': '[[[',
    Makefile: 'a:\n\tdocker build $(foreach x,$(',
    'run.sh': 'docker build "$(',
    'ok/compose.yml': 'services: {a: {build: .}}\n',
    'ok/Dockerfile': DOCKERFILE,
  });
  expect(ids).toContain('ok/Dockerfile');
});

test('An option with an unknown value is still an option; unknown words, branches and arrays leave the Dockerfile unknown, and the orphan says so.', () => {
  const { ids, orphans, problems } = found({
    'a.sh': '#!/bin/sh\ndocker build --platform="$PLATFORM" -t x jq\n',
    'jq/Dockerfile': DOCKERFILE,
    'b.sh':
      '#!/bin/bash\nDRY=\nif [ "$1" = dry ]; then DRY=echo; fi\nARGS=(--pull -f "$FILE")\n$DRY docker buildx --builder "$B" build "${ARGS[@]}" .\n',
    Dockerfile: DOCKERFILE,
  });
  expect(ids).toContain('jq/Dockerfile');
  expect(orphans).toMatchObject([{ id: 'Dockerfile', undecided: [{ at: { file: 'b.sh', line: 5 } }] }]);
  expect(
    problems.map((problem) => problem.at.file).concat(ids.filter((id) => id.startsWith('(unknown)'))),
  ).toHaveLength(1);
});
