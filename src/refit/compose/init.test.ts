import { expect, test } from 'vitest';
import { memoryRepo } from '../../repo/memory.ts';
import { applyEdits } from '../../text/edit.ts';
import { hardenStack } from './harden.ts';
import { shellIgnoresSignals } from './init.ts';

test.each([
  ["sh -c 'while true; do cp /data/a /backup/; sleep 86400; done'", true],
  [['/bin/bash', '-ec', 'while :; do date; sleep 5; done'], true],
  ['sleep infinity', true],
  [['tail', '-f', '/dev/null'], true],
  ["sh -c 'trap exit TERM; while :; do sleep 1; done'", false],
  ["sh -c 'migrate && exec server'", false],
  ['redis-server --appendonly yes', false],
  [undefined, false],
])('the command %j leaves SIGTERM without effect: %s', (command, ignored) => {
  expect(shellIgnoresSignals(undefined, command)).toBe(ignored);
});

test('an entrypoint comes before the command; a shell as entrypoint takes it for its text', () => {
  expect(shellIgnoresSignals(['/entrypoint'], 'sleep infinity')).toBe(false);
  expect(shellIgnoresSignals(['/bin/sh', '-c'], ['while :; do sleep 1; done'])).toBe(true);
  expect(shellIgnoresSignals(['/bin/sh', '-c'], ['exec server'])).toBe(false);
});

test("a service of somebody else's image that runs a loop gets an init", () => {
  const text = `services:
  backup:
    image: alpine:3.22
    command: sh -c 'while true; do date; sleep 86400; done'
`;
  const service = { name: 'backup', mounts: [], published: [], environment: [], networks: [], dependsOn: [] };
  const repo = memoryRepo({ 'compose.yml': text });
  const edits = hardenStack({
    repo,
    stack: { files: ['compose.yml'], services: [service], production: true },
    refitted: new Map(),
  });
  expect(typeof edits === 'string' ? edits : applyEdits(text, edits)).toContain('    init: true\n');
});
