import { parseDockerfile } from '../../dockerfile/parse.ts';
import type { Repo } from '../../repo/repo.ts';
import type { RefitInput, ServiceInput } from '../input.ts';

/** What the model says of examples/events, before and after it was refitted. */
export function eventsInput(repo: Repo): RefitInput {
  const text = (file: string): string => repo.text(file) ?? '';
  const none = { networks: [], environment: [], published: [], dependsOn: [], mounts: [] };
  const base = 'docker-compose.yml';
  const production = 'docker-compose.prod.yml';
  const mount = { readOnly: false, file: base } as const;
  const data = {
    ...mount,
    type: 'volume',
    source: 'events-data',
    target: '/data',
    written: 'events-data:/data',
  } as const;
  const code = {
    ...mount,
    type: 'bind',
    source: './api/app',
    target: '/app/app',
    written: './api/app:/app/app',
  } as const;
  const reset = text(production).includes('!override');
  const address = /VITE_API_URL: (.*)/.exec(text(base))?.[1] ?? '';
  const services: readonly ServiceInput[] = [
    {
      ...none,
      name: 'api',
      dockerfile: 'api/Dockerfile',
      mounts: reset ? [data] : [code, data],
      published: reset ? [] : [{ host: '8000', container: 8000 }],
    },
    {
      ...none,
      name: 'web',
      dockerfile: 'web/Dockerfile',
      published: [{ host: '8080', container: 8080 }],
      environment: [
        { name: 'VITE_API_URL', file: base, value: address },
        { name: 'VITE_API_URL', file: production, value: '${PUBLIC_URL:-http://localhost:8080}/api' },
      ],
      dependsOn: ['api'],
    },
    { ...none, name: 'backup', dependsOn: ['web'] },
  ];
  return {
    repo,
    today: '2026-11-21',
    images: [
      {
        dockerfile: parseDockerfile(text('api/Dockerfile'), 'api/Dockerfile'),
        contextDir: 'api',
        ignoreFile: 'api/.dockerignore',
        port: 8000,
        healthPath: '/health',
        dataDirs: ['/data'],
      },
      {
        dockerfile: parseDockerfile(text('web/Dockerfile'), 'web/Dockerfile'),
        contextDir: 'web',
        ignoreFile: 'web/.dockerignore',
        dataDirs: [],
        upstream: { prefix: '/api', strip: true, url: 'http://api:8000' },
      },
    ],
    stacks: [{ files: [base, production], production: true, services }],
  };
}
