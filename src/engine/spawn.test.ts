import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { clientEnvironment, run } from './spawn.ts';

const environment = { PATH: process.env['PATH'] ?? '' };

test('a command’s output, exit code and argv come back as a value', async () => {
  const outcome = await run(['sh', '-c', 'cat; echo bad >&2; exit 3'], { environment, input: 'given' });
  expect(outcome).toMatchObject({ ended: 'exit', exit: 3, stdout: 'given', stderr: 'bad\n' });
});

test('a program that is not installed is an outcome, not an exception', async () => {
  const outcome = await run(['plimsoll-no-such-program'], { environment });
  expect(outcome).toMatchObject({
    ended: 'not-started',
    fault: 'plimsoll-no-such-program is not installed or not on PATH',
  });
  expect(outcome.exit).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a time limit ends the process and all that it started', async () => {
  const outcome = await run(['sh', '-c', 'sleep 60 & echo $!; wait'], { environment, seconds: 0.3 });
  expect(outcome.ended).toBe('time-limit');
  const child = Number(outcome.stdout);
  expect(child).toBeGreaterThan(1);
  // Dead, or dead and waiting for init to notice.
  const stat = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => '0 (gone) Z');
  expect(stat.split(') ')[1]?.[0]).toBe('Z');
});

test('an abort ends a running call, and keeps a later one from starting', async () => {
  const abort = new AbortController();
  const running = run(['sleep', '60'], { environment, signal: abort.signal });
  abort.abort();
  expect((await running).ended).toBe('aborted');
  expect((await run(['sleep', '60'], { environment, signal: abort.signal })).fault).toBe('stopped before it began');
});

test('only what a container client needs is handed on: a compose file would take up the rest', () => {
  const kept = clientEnvironment({
    PATH: '/bin',
    DOCKER_HOST: 'unix:///x',
    POSTGRES_PASSWORD: 'secret',
    COMPOSE_FILE: 'x.yml',
  });
  expect(kept).toMatchObject({ PATH: '/bin', DOCKER_HOST: 'unix:///x' });
  expect(kept).not.toHaveProperty('POSTGRES_PASSWORD');
  expect(kept).not.toHaveProperty('COMPOSE_FILE');
});
