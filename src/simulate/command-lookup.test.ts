import { expect, test } from 'vitest';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { memoryRepo } from '../repo/memory.ts';
import { openContext } from './context/open-context.ts';
import { simulate } from './simulate.ts';

function presence(dockerfile: string, command: string, files: Record<string, string> = {}): string {
  const repo = memoryRepo({ Dockerfile: dockerfile, ...files });
  const trace = simulate({
    dockerfile: parseDockerfile(dockerfile, 'Dockerfile'),
    context: openContext(repo, '', 'Dockerfile'),
  });
  const found = trace?.final.command(command);
  return found?.known === true ? found.value : 'unknown';
}

test('an installer whose packages are not all known may bring any program but those of a distribution', () => {
  const dockerfile = 'FROM python:slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n';
  const files = { 'requirements.txt': 'Flask==3.0.0\nsomething-else\n' };
  expect(presence(dockerfile, 'flask', files)).not.toBe('absent');
  expect(presence(dockerfile, 'celery', files)).toBe('unknown');
  expect(presence(dockerfile, 'curl', files)).toBe('absent');
  expect(presence(`${dockerfile}RUN pip install gunicorn pymysql\n`, 'flask', files)).not.toBe('absent');
});

test('what a script of the repository brought may be copied from another stage', () => {
  const dockerfile = `FROM python:3.14-slim AS build
WORKDIR /app
COPY install.sh .
ENV PATH="\${PATH}:/opt/env/bin"
RUN ./install.sh
FROM python:3.14-slim
COPY --from=build /opt/env /opt/env
ENV PATH="\${PATH}:/opt/env/bin"
`;
  expect(presence(dockerfile, 'celery', { 'install.sh': '#!/bin/sh\nuv sync\n' })).toBe('unknown');
});

test('a shell that reads its commands from a pipe names no file', () => {
  const dockerfile = 'FROM debian:trixie\nRUN echo x | bash -\nRUN cat /etc/hostname | sh -s -- --yes\n';
  const repo = memoryRepo({ Dockerfile: dockerfile });
  const trace = simulate({
    dockerfile: parseDockerfile(dockerfile, 'Dockerfile'),
    context: openContext(repo, '', 'Dockerfile'),
  });
  expect(trace?.breaks.filter((b) => b.kind === 'file-missing')).toEqual([]);
});
