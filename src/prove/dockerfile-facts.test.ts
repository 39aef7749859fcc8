import { expect, test } from 'vitest';
import { dockerfileFacts, withOwnCaches } from './dockerfile-facts.ts';

test('the base is followed through stages and arguments', () => {
  const text =
    'ARG VERSION=3.12\nFROM python:${VERSION}-slim AS base\nFROM base AS Build\nCOPY src/ .\nFROM base AS dev\n';
  expect(dockerfileFacts(text, undefined, {}).base).toBe('python:3.12-slim');
  expect(dockerfileFacts(text, 'build', { VERSION: '3.13' }).base).toBe('python:3.13-slim');
  expect(dockerfileFacts(text, 'absent', {}).base).toBeUndefined();
  expect(dockerfileFacts('FROM ${NOWHERE}\n', undefined, {}).base).toBeUndefined();
});

test('what is copied from the context counts, what comes from a stage does not', () => {
  const text =
    'FROM a AS b\nRUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync\nCOPY --chown=1:1 src tests/ /app/\nCOPY --from=b /x /y\n';
  expect(dockerfileFacts(text, undefined, {}).copied).toEqual(['src', 'tests/', 'uv.lock']);
});

test('cache mounts get ids of their own, and nothing else changes', () => {
  const text = `FROM a
# --mount=type=cache,target=/in-a-comment
RUN --mount=type=cache,target=/root/.npm,sharing=locked \\
    --mount=type=bind,source=x,target=y npm ci
RUN --mount=target=/var/cache/apt,type=cache,id=apt echo "--mount=type=cache,target=/z"
RUN <<EOF
echo --mount=type=cache,target=/heredoc
EOF
`;
  expect(withOwnCaches(text, 'p-')).toBe(
    text
      .replace('type=cache,target=/root/.npm', 'type=cache,id=p-/root/.npm,target=/root/.npm')
      .replace('id=apt', 'id=p-apt'),
  );
});

test('a file without cache mounts stays the same bytes', () => {
  const text = 'FROM a\r\nRUN x\r\n';
  expect(withOwnCaches(text, 'p-')).toBe(text);
});
