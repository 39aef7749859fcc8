import { expect, test } from 'vitest';
import { readBuildLog, splitMessages } from './build-log.ts';

const vertex = (digest: string, name: string, more: object = {}): object => ({ vertexes: [{ digest, name, ...more }] });
const during = (seconds: number): object => ({
  started: '2026-11-21T14:49:16.000000000Z',
  completed: new Date(Date.parse('2026-11-21T14:49:16Z') + seconds * 1000).toISOString(),
});

const messages = [
  vertex('a', '[internal] load build definition from Dockerfile', during(0.1)),
  vertex('b', '[1/3] FROM docker.io/library/python:3.12-slim', { ...during(0), cached: true }),
  vertex('c', '[2/3] COPY requirements.txt .', { ...during(0), cached: true }),
  vertex('d', '[3/3] RUN pip install -r requirements.txt'),
  vertex('d', '[3/3] RUN pip install -r requirements.txt', during(2.5)),
  { logs: [{ vertex: 'd', stream: 1, data: Buffer.from('Collecting requests\n').toString('base64') }] },
  vertex('e', 'exporting to image', during(0.3)),
  vertex('f', 'resolving provenance for metadata file', during(0)),
];

test('one object a line, as buildx 0.29 prints it, and indented objects, as 0.13 does, give the same report', () => {
  const lines = messages.map((message) => JSON.stringify(message)).join('\n');
  const indented = messages.map((message) => JSON.stringify(message, null, 2)).join('\n');
  expect(readBuildLog(indented)).toEqual(readBuildLog(lines));
  const report = readBuildLog(lines);
  expect(report).toMatchObject({ cached: 1, total: 2 });
  expect(report.steps.find((step) => step.name.includes('pip install'))).toMatchObject({ seconds: 2.5, cached: false });
  expect(report.plain).toContain('Collecting requests');
  expect(report.error).toBeUndefined();
});

test('a step that an earlier build of the same daemon has done, and whose events come again, is cached', () => {
  const at = (from: string, to: string): object => ({ started: from, completed: to });
  const log = [
    vertex(
      'a',
      '[internal] load build definition from Dockerfile',
      at('2026-11-21T15:10:00Z', '2026-11-21T15:10:00.1Z'),
    ),
    vertex('b', '[build 1/4] FROM docker.io/library/node:24', { ...during(0), cached: true }),
    // Three minutes before this build: no "cached", and the times of the build that did it.
    vertex('c', '[build 3/4] RUN npm ci', at('2026-11-21T15:05:00Z', '2026-11-21T15:07:29.7Z')),
    { logs: [{ vertex: 'c', data: Buffer.from('added 64 packages in 2m\n').toString('base64') }] },
    vertex('d', '[build 4/4] RUN npm run build', at('2026-11-21T15:10:00.2Z', '2026-11-21T15:10:03.2Z')),
  ];
  const report = readBuildLog(log.map((message) => JSON.stringify(message)).join('\n'));
  expect(report).toMatchObject({ cached: 1, total: 2 });
  expect(report.steps.find((step) => step.name.endsWith('npm ci'))).toMatchObject({ cached: true, seconds: 0 });
  expect(report.steps.find((step) => step.name.endsWith('npm run build'))).toMatchObject({ cached: false, seconds: 3 });
  expect(report.plain).toContain('RUN npm ci  CACHED');
});

test('a failing step gives its message, its line in the Dockerfile and what it printed', () => {
  const output = [
    JSON.stringify(
      vertex('d', '[3/3] RUN make', {
        ...during(1),
        error: 'process "/bin/sh -c make" did not complete successfully: exit code: 127',
      }),
    ),
    JSON.stringify({
      logs: [{ vertex: 'd', data: Buffer.from('/bin/sh: 1: make: not found\r\n').toString('base64') }],
    }),
    JSON.stringify(vertex('x', '[web 2/2] RUN sleep 9', { error: 'Canceled: context canceled' })),
    'api/Dockerfile:7',
    '--------------------',
    '   5 |     WORKDIR /app',
    '   7 | >>> RUN make',
    '--------------------',
    'ERROR: failed to build: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127',
  ].join('\n');
  expect(readBuildLog(output).error).toEqual({
    text: 'process "/bin/sh -c make" did not complete successfully: exit code: 127',
    step: '[3/3] RUN make',
    file: 'api/Dockerfile',
    line: 7,
    log: ['/bin/sh: 1: make: not found'],
  });
});

test('a missing COPY source is told without the engine’s internal reference', () => {
  const output = `Dockerfile:3\n--------------------\n   3 | >>> COPY nope.py .\n--------------------\nERROR: failed to build: failed to solve: failed to compute cache key: failed to calculate checksum of ref fd18e401::dh3k8: "/nope.py": not found\n`;
  expect(readBuildLog(output).error).toMatchObject({
    line: 3,
    text: 'failed to compute cache key: "/nope.py": not found',
  });
});

test('text between objects and an object that a kill cut off are kept as text', () => {
  const { messages: found, text } = splitMessages('{"vertexes":[]}\nWARNING: no output\n{"vertexes":[{"dig');
  expect(found).toHaveLength(1);
  expect(text).toBe('WARNING: no output\n{"vertexes":[{"dig');
});
