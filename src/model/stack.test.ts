import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { buildModel } from './build-model.ts';

test('A service that builds through a link runs the image of the file that it leads to.', () => {
  const { stacks, targets } = buildModel(
    memoryRepo({
      'compose.yml': 'services:\n  web:\n    build: .\n',
      Dockerfile: { symlink: 'docker/Dockerfile' },
      'docker/Dockerfile': 'FROM alpine\nCMD ["true"]\n',
    }),
    { today: '2026-11-21' },
  );
  expect(targets.map((target) => [target.id, target.orphan])).toEqual([['docker/Dockerfile@.', false]]);
  expect(stacks.flatMap((stack) => stack.services).map((service) => service.target?.id)).toEqual([
    'docker/Dockerfile@.',
  ]);
});
