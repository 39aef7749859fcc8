import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { loadCompose } from './load.ts';

test('A service keeps what its base says and takes what its override says.', () => {
  const repo = memoryRepo({
    'docker-compose.yml': `services:
  web:
    build: ./web
    ports: ["8080:80"]
    environment:
      A: "1"
      B: two
    depends_on: [db]
  db:
    image: postgres:16
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
    'docker-compose.prod.yml': `services:
  web:
    ports: !override ["80:80"]
    environment: [B=three]
    depends_on:
      db: {condition: service_healthy}
  db:
    healthcheck:
      test: pg_isready
      interval: 1m30s
`,
  });
  const model = loadCompose(repo, ['docker-compose.yml', 'docker-compose.prod.yml']);
  expect(model.problems).toEqual([]);
  const web = model.services.get('web');
  expect(web?.ports.map((port) => port.published)).toMatchObject([{ known: true, value: '80' }]);
  expect(web?.environment.entries.get('A')?.fact).toMatchObject({ known: true, value: '1' });
  expect(web?.environment.entries.get('B')).toMatchObject({
    fact: { known: true, value: 'three' },
    at: { file: 'docker-compose.prod.yml', line: 4 },
    replaced: [{ text: 'B=two', at: { file: 'docker-compose.yml', line: 7 } }],
  });
  expect(web?.dependsOn).toMatchObject([{ service: 'db', condition: { known: true, value: 'service_healthy' } }]);
  expect(model.services.get('db')?.healthcheck?.interval?.fact).toMatchObject({ value: 90 });
});
