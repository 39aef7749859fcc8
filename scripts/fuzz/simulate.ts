// Mutated Dockerfiles, each with a mutated ignore file and shell script, through all of parse, contexts, simulation and RUN walk: none
// may crash, take longer than a second, or grow the process beyond 300 MB.
// usage: node scripts/ts.mjs scripts/fuzz/simulate.ts [COUNT] [SEED] [FILE…]   (more files to mutate)
import { readFileSync } from 'node:fs';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { readDataFromFiles } from '../../src/repo/data-files.ts';
import { memoryRepo } from '../../src/repo/memory.ts';
import { parseShell } from '../../src/shell/parse.ts';
import { openContext } from '../../src/simulate/context/open-context.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { FILES, SEEDS } from './seeds.ts';

const [count, seed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)];
const seeds = [...SEEDS, ...process.argv.slice(4).map((file) => readFileSync(file, 'utf8'))];
/** Ignore files and scripts to start from. */
const IGNORES = [
  '# comment\n*\n!app\n!package*.json\n**/*.pyc\nnode_modules/\n',
  '/dist/**\n!/dist/keep/**/x?[a-z].js\n./a\n \n\t.git\n[!a]b\n\\#x\n',
];
const SCRIPTS = [
  '#!/bin/sh\nset -eu\nfor f in a b; do mkdir -p "/srv/$f" && cp -r src "/srv/$f"; done\nexec "$@"\n',
  'case "$1" in start|run) cd /app; node server.js ;; *) echo "${X:-none}" | tee /tmp/x >&2; exit 1 ;; esac\n',
  'cat <<EOF > /etc/app.conf\nport=${PORT}\nEOF\nif [ -f /etc/app.conf ]; then rm -rf /var/cache/*; fi\n',
];
const SLOW_MS = 1000;
const MOST_MB = 300;
const JUNK = [
  ...['\0', '\uFEFF', '\ud800', '\\', '`', '"', "'", '${', '}', '$(', ')', '((', '))', '<<EOF', '<<', '|', '||', '&&'],
  ...[';;', '>', '2>&1', '*', '{a,b}{c,d}{e,f}{g,h}', '{1..9999}', '/../..', '../'.repeat(200), 'A'.repeat(5000)],
  ...['$X'.repeat(300), '('.repeat(400), '$('.repeat(300), '/a'.repeat(900), '\\\n'.repeat(60), '\n\n', '\r\n', '\t'],
  ...['if true; then '.repeat(80), 'for a in 1 2 3; do '.repeat(12), 'f() { f; f; }; f', 'FROM scratch\n', '\nRUN '],
  ...['\nCOPY --from=0 / /\n', '\nRUN cp -r / /x\n', '\nWORKDIR a\n', '\nUSER x\n', '\nENV A=$A$A B=$A\n'],
  '\nRUN ln -s / /loop && ln -s /b /a && ln -s /a /b && cat /a\n',
];

/** mulberry32: the same numbers on every machine. */
function numbers(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function mutate(next: () => number, from: readonly string[]): string {
  const below = (most: number) => Math.floor(next() * most);
  const any = (items: readonly string[]) => items[below(items.length)] ?? '';
  let text = any(from);
  for (let edits = 1 + below(6); edits > 0; edits--) {
    const at = below(text.length + 1);
    const end = at + below(60);
    const lines = text.split('\n');
    const line = below(lines.length);
    const [above, rest] = [lines.slice(0, line), lines.slice(line)];
    switch (below(7)) {
      case 0:
        text = text.slice(0, at) + any(JUNK) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 2:
        text = text.slice(0, end) + text.slice(at, end) + text.slice(end);
        break;
      case 3:
        text = [...above, any(any(from).split('\n')), ...rest].join('\n');
        break;
      case 4:
        text = [...above, ...rest.slice(1)].join('\n');
        break;
      case 5:
        text = [...above, ...new Array<string>(1 + below(30)).fill(rest[0] ?? ''), ...rest].join('\n');
        break;
      default:
        text = text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1);
    }
  }
  return text;
}

readDataFromFiles();
const next = numbers(seed);
let failures = 0;
let slowest = { ms: 0, text: '' };
let peak = 0;
const began = performance.now();
for (let i = 0; i < count; i++) {
  const text = mutate(next, seeds);
  const ignore = mutate(next, IGNORES);
  const script = mutate(next, SCRIPTS);
  const start = performance.now();
  let wrong = '';
  try {
    const repo = memoryRepo({
      ...FILES,
      Dockerfile: text,
      ...(i % 2 === 0 ? { '.dockerignore': ignore } : {}),
      'entrypoint.sh': script,
    });
    parseShell(script);
    simulate({
      dockerfile: parseDockerfile(text, 'Dockerfile'),
      context: openContext(repo, '', 'Dockerfile'),
      platform: { os: 'linux', architecture: 'amd64' },
    });
  } catch (error) {
    wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, text };
  peak = Math.max(peak, process.memoryUsage.rss() / 1048576);
  if (wrong === '' && ms < SLOW_MS) continue;
  failures++;
  if (failures <= 5)
    console.log(`input ${i}: ${ms.toFixed(0)} ms ${wrong}\n${JSON.stringify([text, ignore, script]).slice(0, 6000)}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${count} Dockerfiles, ignore files and scripts, seed ${seed}: ${failures} failures, slowest ${slowest.ms.toFixed(0)} ms, peak ${peak.toFixed(0)} MB, ${seconds} s`,
);
if (slowest.ms > SLOW_MS / 4) console.log(`slowest: ${JSON.stringify(slowest.text.slice(0, 3000))}`);
process.exitCode = failures === 0 && peak < MOST_MB ? 0 : 1;
