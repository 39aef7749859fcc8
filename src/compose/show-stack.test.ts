import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { composeGraph } from './graph.ts';
import { loadCompose } from './load.ts';
import { showStackMermaid, showStackTable } from './show-stack.ts';

const model = loadCompose(
  memoryRepo({
    'compose.yml':
      'services:\n  proxy: {image: nginx, ports: ["8080:80", "127.0.0.1:9:9/udp"], networks: [front], depends_on: {api: {condition: service_healthy}}}\n  api: {build: {context: ., target: prod}, networks: [front, back], depends_on: [db]}\n  db: {image: "postgres:16", networks: [back]}\n  side: {image: x, network_mode: "service:db"}\n  host: {image: x, network_mode: host}\nnetworks: {front: , back: {internal: true}}\n',
  }),
  ['compose.yml'],
);

test('Services reach each other over a shared network or namespace, and nothing is said about the host network.', () => {
  const graph = composeGraph(model);
  expect(graph.reaches('proxy', 'api')).toBe(true);
  expect(graph.reaches('proxy', 'db')).toBe(false);
  expect(graph.reaches('side', 'api')).toBe(true);
  expect(graph.reaches('host', 'api')).toBeUndefined();
  expect(graph.waits.map((edge) => `${edge.from} ${edge.to} ${edge.condition}`)).toEqual([
    'proxy api service_healthy',
    'api db service_started',
    'side db service_started',
  ]);
  expect(graph.networks).toMatchObject([
    { network: 'front', internal: false },
    { network: 'back', internal: true, members: ['api', 'db'] },
  ]);
});

test('The table is aligned and keeps within the columns.', () => {
  expect(showStackTable(model)).toBe(
    [
      'service  image or build     ports                   networks    waits for',
      'proxy    nginx              8080->80 127.0.0.1:9->9/udp  front       api (healthy)',
      'api      Dockerfile [prod]                          front back  db',
    ]
      .join('\n')
      .replace('ports                   networks', 'ports                        networks')
      .replace('[prod]                          front', '[prod]                               front')
      .concat(
        '\ndb       postgres:16                                     back\nside     x                                               service:db  db\nhost     x                                               host',
      ),
  );
  for (const line of showStackTable(model, 60).split('\n')) expect(line.length).toBeLessThanOrEqual(60);
});

test('The flowchart groups services by network and shows who waits for whom.', () => {
  expect(showStackMermaid(model).split('\n')).toEqual([
    'flowchart LR',
    '  subgraph n0["front"]',
    '    s0["proxy"]',
    '    s1["api"]',
    '  end',
    '  subgraph n1["back (internal)"]',
    '    s2["db"]',
    '  end',
    '  s3["side"]',
    '  s4["host"]',
    '  host((host)) -->|"8080->80 127.0.0.1:9->9/udp"| s0',
    '  s0 -.->|healthy| s1',
    '  s1 -.-> s2',
    '  s3 -.-> s2',
    '  s1 --- n1',
    '',
  ]);
});
