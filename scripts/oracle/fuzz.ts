// 10,000 mutated Dockerfiles and ignore files: none may crash, take longer than a second, or grow beyond 300 MB.
// usage: node scripts/ts.mjs scripts/oracle/fuzz.ts [COUNT] [SEED]
import fc from 'fast-check';
import { judgeDockerfile, judgeIgnoreFile } from './invariants.ts';
import { brokenDockerfiles, brokenIgnoreFiles } from './mutate.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
let failures = 0;
for (const [name, inputs, judge] of [
  ['Dockerfile', brokenDockerfiles, judgeDockerfile],
  ['.dockerignore', brokenIgnoreFiles, judgeIgnoreFile],
] as const) {
  let slowest = 0;
  for (const text of fc.sample(inputs, { numRuns: count, seed })) {
    const start = performance.now();
    const wrong = judge(text);
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (wrong.length === 0 && took < 1000) continue;
    failures++;
    if (failures < 6)
      console.log(name, JSON.stringify(text.slice(0, 2000)), wrong.slice(0, 3), `${took.toFixed(0)} ms`);
  }
  const memory = process.memoryUsage.rss() / 1024 / 1024;
  console.log(`${name}: ${count} inputs, slowest ${slowest.toFixed(1)} ms, ${memory.toFixed(0)} MB resident`);
}
process.exitCode = failures === 0 ? 0 : 1;
