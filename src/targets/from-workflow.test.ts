import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\n';
const ids = (files: Readonly<Record<string, string>>) =>
  discoverTargets(memoryRepo(files)).targets.map((target) => target.id);

test('A workflow that others call is read with their inputs, and with its defaults where they give none.', () => {
  expect(
    ids({
      '.github/workflows/image.yml':
        'on:\n  workflow_call:\n    inputs:\n      folder: {type: string, required: true}\n      file: {type: string, default: Dockerfile}\njobs:\n  image:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ inputs.folder }}\n          file: ${{ inputs.folder }}/${{ inputs.file }}\n',
      '.github/workflows/release.yml':
        'jobs:\n  each:\n    strategy: {matrix: {part: [api, web]}}\n    uses: ./.github/workflows/image.yml\n    with: {folder: "${{ matrix.part }}"}\n  job:\n    uses: ./.github/workflows/image.yml\n    with: {folder: job, file: Dockerfile.prod}\n',
      'api/Dockerfile': DOCKERFILE,
      'web/Dockerfile': DOCKERFILE,
      'job/Dockerfile.prod': DOCKERFILE,
    }),
  ).toEqual(['api/Dockerfile', 'job/Dockerfile.prod', 'web/Dockerfile']);
});

test('A composite action of the repository builds with what a step gives it; two that call each other end.', () => {
  expect(
    ids({
      '.github/actions/build/action.yml':
        'inputs:\n  target: {default: dev}\nruns:\n  steps:\n    - run: docker build --target ${{ inputs.target }} app\n      shell: bash\n    - uses: ./.github/actions/build\n',
      '.github/workflows/ci.yml':
        'jobs:\n  a:\n    steps:\n      - uses: ./.github/actions/build\n        with: {target: prod}\n',
      '.github/workflows/one.yml': 'jobs: {a: {uses: ./.github/workflows/two.yml}}\n',
      '.github/workflows/two.yml': 'jobs: {a: {uses: ./.github/workflows/one.yml}}\n',
      'app/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['app/Dockerfile#dev', 'app/Dockerfile#prod']);
});

test('An action that is given a Dockerfile and a context builds it; one that only reads the Dockerfile does not.', () => {
  const step = (inputs: string) =>
    `jobs:\n  a:\n    steps:\n      - uses: corp/actions/image@v1\n        with: ${inputs}\n`;
  const file = { 'x/Dockerfile': DOCKERFILE };
  const live = (inputs: string) =>
    discoverTargets(memoryRepo({ '.github/workflows/a.yml': step(inputs), ...file })).targets.map((item) => item.id);
  expect(live('{dockerfile-path: ./x/Dockerfile, build-context: .}')).toEqual(['x/Dockerfile@.']);
  expect(live('{dockerfile: x/Dockerfile}')).toEqual([]);
  expect(live('{dockerfile: y/Dockerfile, context: y}')).toEqual([]);
});

test('A Render file in a folder of its own means the Dockerfile beside it when the root has none.', () => {
  expect(
    ids({
      'infra/render.yaml': 'services:\n  - {type: worker, name: w, env: docker}\n',
      'infra/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['infra/Dockerfile']);
});
