import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine\nRUN true\n';
const COMPOSE = 'services:\n  web:\n    build: .\n';

test('A build through a link is a build of the file that it leads to, which is no orphan.', () => {
  const { targets, orphans } = discoverTargets(
    memoryRepo({
      'compose.yml': COMPOSE,
      'docker-bake.hcl': 'target "web" {\n  dockerfile = "docker/Dockerfile"\n}\n',
      Dockerfile: { symlink: 'docker/Dockerfile' },
      'docker/Dockerfile': DOCKERFILE,
    }),
  );
  expect(targets.map((target) => [target.id, target.uses.map((use) => use.source)])).toEqual([
    ['docker/Dockerfile@.', ['compose', 'bake']],
  ]);
  expect(orphans).toEqual([]);
});

test('A link keeps its own name where an ignore file goes by it, or where it leads out of the repository.', () => {
  const ids = (files: Parameters<typeof memoryRepo>[0]) =>
    discoverTargets(memoryRepo(files)).targets.map((target) => target.id);
  const link = { symlink: 'docker/Dockerfile' };
  const files = { 'compose.yml': COMPOSE, 'docker/Dockerfile': DOCKERFILE };
  expect(ids({ ...files, Dockerfile: link, 'Dockerfile.dockerignore': 'x\n' })).toEqual(['Dockerfile']);
  expect(ids({ ...files, Dockerfile: link, 'docker/Dockerfile.dockerignore': 'x\n' })).toEqual(['Dockerfile']);
  expect(ids({ ...files, Dockerfile: { symlink: '../other/Dockerfile' } })).toEqual(['Dockerfile']);
});

test('Of a link and its file that nothing builds, the file is the orphan.', () => {
  const { orphans } = discoverTargets(
    memoryRepo({ 'a/Dockerfile': DOCKERFILE, 'b/Dockerfile': { symlink: '../a/Dockerfile' } }),
  );
  expect(new Set(orphans.map((target) => (target.dockerfile.known ? target.dockerfile.value : '')))).toEqual(
    new Set(['a/Dockerfile']),
  );
});
