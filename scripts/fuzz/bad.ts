import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDataFromFiles } from '../../src/repo/data-files.ts';
import { openDirectory } from '../../src/repo/directory.ts';
import { checkRepo } from '../../src/report/check-repo.ts';

// Repositories that are bad on purpose, through all of `check`: what it says, how long it takes, how much memory is used.
// usage: node scripts/ts.mjs scripts/fuzz/bad.ts [NAME]
const CASES: Readonly<Record<string, (at: (path: string) => string) => void>> = {
  'a Dockerfile of 5 MB': (at) =>
    writeFileSync(
      at('Dockerfile'),
      `FROM alpine\n${'RUN echo one && mkdir -p /a/b && touch /a/b/c\n'.repeat(110_000)}`,
    ),
  'a chain of 1,000 stages': (at) =>
    writeFileSync(
      at('Dockerfile'),
      `FROM alpine AS s0\n${Array.from({ length: 1000 }, (_, i) => `FROM s${i} AS s${i + 1}\nRUN mkdir /d${i}\n`).join('')}`,
    ),
  'links in a circle': (at) => {
    symlinkSync('.', at('here'));
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    symlinkSync('Dockerfile', at('Dockerfile'));
    writeFileSync(at('Dockerfile.prod'), 'FROM alpine\nCOPY . /x\nCOPY a here/here/here /y/\n');
    writeFileSync(at('compose.yaml'), 'services: {a: {build: {dockerfile: Dockerfile.prod}}, b: {build: here/here}}\n');
  },
  '200,000 files': (at) => {
    writeFileSync(at('Dockerfile'), 'FROM alpine\nWORKDIR /x\nCOPY . .\nRUN ls -R && cp -r . /y\n');
    for (let i = 0; i < 400; i++) {
      mkdirSync(at(`d${i}`));
      for (let j = 0; j < 500; j++) writeFileSync(at(`d${i}/f${j}.txt`), '');
    }
  },
  'a chain of 1,000 extends, and one that ends in itself': (at) => {
    writeFileSync(at('Dockerfile'), 'FROM alpine\n');
    const services = Array.from({ length: 1000 }, (_, i) => `  s${i + 1}:\n    extends: {service: s${i}}\n`).join('');
    writeFileSync(
      at('compose.yaml'),
      `services:\n  s0: {build: .}\n${services}  x: {extends: {service: y}}\n  y: {extends: {service: x}}\n`,
    );
  },
  'files that include one another': (at) => {
    writeFileSync(at('compose.yaml'), 'include: [other.yaml]\nservices: {a: {image: alpine}}\n');
    writeFileSync(at('other.yaml'), 'include: [compose.yaml]\nservices: {b: {image: alpine}}\n');
  },
  'YAML nested 20,000 deep, and aliases that multiply': (at) => {
    writeFileSync(at('compose.yaml'), `services: {a: {image: alpine, environment: ${'['.repeat(20_000)}}}\n`);
    const lines = Array.from(
      { length: 30 },
      (_, i) => `x-${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    ).join('\n');
    writeFileSync(at('compose.prod.yaml'), `x-0: &a0 [1]\n${lines}\nservices: {a: {image: alpine, command: *a30}}\n`);
  },
  'files that cannot be read': (at) => {
    writeFileSync(at('Dockerfile'), 'FROM alpine\nCOPY secret /x\nCOPY dir/f /y\n');
    writeFileSync(at('secret'), 'x');
    mkdirSync(at('dir'));
    writeFileSync(at('dir/f'), '');
    writeFileSync(at('Dockerfile.bin'), Buffer.from([0, 1, 2, 255, 0]));
    writeFileSync(at('compose.yaml'), 'services: {a: {build: .}}\n');
    for (const path of ['secret', 'dir', 'compose.yaml']) chmodSync(at(path), 0);
    execFileSync('mkfifo', [at('pipe')]);
  },
};

readDataFromFiles();
const [wanted] = process.argv.slice(2);
for (const [name, make] of Object.entries(CASES)) {
  if (wanted !== undefined && !name.includes(wanted)) continue;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bad-'));
  try {
    make((path) => join(folder, path));
    const start = performance.now();
    const { report } = checkRepo(openDirectory(folder));
    const ms = performance.now() - start;
    console.log(
      `${name}: ${ms.toFixed(0)} ms, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most so far, ${report.findings.length} findings, ${report.inconclusive.length} undecided`,
    );
    for (const problem of report.problems.slice(0, 5)) console.log(`  ${problem.at.file}: ${problem.text}`);
    for (const finding of report.findings.slice(0, 4))
      console.log(`  ${finding.rule} ${finding.at.file}:${finding.at.line} ${finding.title}`);
  } finally {
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}
