// Parsing, expansion and ignore matching, as multiples of starting Node with nothing to do.
// usage: node scripts/ts.mjs bench/dockerfile.ts
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIgnore } from '../src/dockerfile/ignore-file.ts';
import { compileIgnore } from '../src/dockerfile/ignore-matcher.ts';
import { expandWord } from '../src/dockerfile/lex.ts';
import { parseDockerfile } from '../src/dockerfile/parse.ts';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { memoryRepo } from '../src/repo/memory.ts';
import { parseShell } from '../src/shell/parse.ts';
import { contextReport } from '../src/simulate/context/context-report.ts';
import { openContext } from '../src/simulate/context/open-context.ts';
import { simulate } from '../src/simulate/simulate.ts';

const bare = median(9, () => spawnSync(process.execPath, ['-e', '']));
console.log(`node -e '': ${bare.toFixed(1)} ms\n`);

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG NODE=22
FROM node:\${NODE}-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci \\
  # only what is needed
  && npm cache clean --force
FROM deps AS build
COPY . .
RUN <<EOF
set -e
npm run build
EOF
FROM node:\${NODE}-slim
ENV NODE_ENV=production PATH="/app/node_modules/.bin:$PATH" \\
    PORT=3000
RUN apt-get update && apt-get install -y --no-install-recommends curl \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=build --chown=node:node /app/dist ./dist
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD curl -f http://localhost:3000/health || exit 1
USER node
CMD ["node", "dist/main.js"]
`;
const PACKAGE = '{"name":"app","scripts":{"build":"tsc"},"devDependencies":{"typescript":"5.9.3"}}';
const files = Array.from({ length: 1000 }, (_, i) => DOCKERFILE.replaceAll('app', `app${i}`));
const parseAndExpand = (): void => {
  for (const text of files) {
    const file = parseDockerfile(text, 'Dockerfile');
    for (const instruction of file.instructions) {
      if (instruction.keyword === 'RUN') {
        if (instruction.script) parseShell(instruction.script.text);
        continue;
      }
      for (const word of instruction.words) expandWord(word.text, () => 'x');
    }
  }
};
const cold = once(parseAndExpand);
const warm = median(7, parseAndExpand);
report('parse + expand + shells of 1,000 Dockerfiles of 24 lines, cold', cold, `${Math.round(1e6 / cold)} files/s`);
report('the same, warm', warm, `${Math.round(1e6 / warm)} files/s, budget 3,000`);

readDataFromFiles();
const walk = (): void => {
  for (const text of files) {
    const repo = memoryRepo({
      Dockerfile: text,
      'package.json': PACKAGE,
      'package-lock.json': '{}',
      'src/main.ts': '',
    });
    const context = openContext(repo, '', 'Dockerfile');
    simulate({
      dockerfile: parseDockerfile(text, 'Dockerfile'),
      context,
      platform: { os: 'linux', architecture: 'amd64' },
    });
  }
};
walk();
const walked = median(3, walk);
report('their whole simulation, warm', walked, `${Math.round(1e6 / walked)} files/s`);

const big = `${DOCKERFILE}RUN true \\\n${'  && echo "some words of a long script" \\\n'.repeat(85_000)}  && true\n`;
report(
  `parse one Dockerfile of ${(big.length / 1e6).toFixed(1)} MB`,
  median(3, () => parseDockerfile(big, 'Dockerfile')),
  '',
);

const IGNORE = `node_modules
**/node_modules
.git
**/.DS_Store
**/*.log
**/*.md
!README.md
dist
**/dist/**
.env*
!.env.example
coverage
**/__pycache__
**/*.pyc
.vscode/
docs/*.txt
packages/*/test
**/*.test.ts
tmp/**
Dockerfile*
`;
const paths: string[] = [];
for (let i = 0; i < 50_000; i++) {
  paths.push(
    `packages/p${i % 40}/src/module${i % 700}/part${i % 9}/file${i}.${['ts', 'md', 'log', 'test.ts', 'py'][i % 5]}`,
  );
}
const match = (): void => {
  const matcher = compileIgnore(parseIgnore(IGNORE, '.dockerignore'));
  for (const path of paths) matcher.ignored(path);
};
report('50,000 paths with 20 patterns, cold', once(match), 'budget 300 ms');
report('the same, warm', median(7, match), '');

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
try {
  for (let i = 0; i < 5000; i++) {
    const inside = join(folder, `packages/p${i % 50}/src/m${i % 10}`);
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `file${i}.ts`), 'export const x = 1;\n');
  }
  report(
    'open a directory and list 5,000 files',
    median(5, () => openDirectory(folder).files()),
    'budget 300 ms',
  );
  report(
    'its whole context with sizes',
    median(5, () => contextReport(openContext(openDirectory(folder), '', 'Dockerfile'))),
    '',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function once(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(times: number, run: () => unknown): number {
  const all = Array.from({ length: times }, () => once(run)).sort((a, b) => a - b);
  return all[times >> 1] ?? 0;
}

function report(what: string, ms: number, note: string): void {
  console.log(
    `${what.padEnd(58)} ${ms.toFixed(1).padStart(8)} ms  ${(ms / bare).toFixed(2).padStart(6)} × bare node  ${note}`,
  );
}
