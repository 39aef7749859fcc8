import { expect, test } from 'vitest';
import type { BuildOutcome } from '../engine/engine.ts';
import { buildsRow } from './build-rows.ts';

function failed(stderr: string): BuildOutcome {
  return {
    argv: ['docker', 'buildx', 'build'],
    ended: 'exit',
    exit: 1,
    stdout: '',
    stderr,
    seconds: 1,
    report: { steps: [], cached: 0, total: 0, warnings: [], plain: '' },
    materials: [],
  };
}

test('a base image that the engine cannot get says nothing about the Dockerfile', () => {
  const row = buildsRow(
    failed(
      'ERROR: failed to build: failed to solve: node:18: failed to resolve source metadata for docker.io/library/node:18: docker.io/library/node:18: not found',
    ),
    'web',
  );
  expect(row.kind).toBe('not-measured');
  expect(row.text).toBe('the base image node:18 is not to be had from this engine');
});

test('every other failure is a result, in the words of the engine', () => {
  const row = buildsRow(
    failed('ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1'),
    'web',
  );
  expect(row.kind).toBe('measurement');
  expect(row.value).toBe(false);
});
