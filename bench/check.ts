// The command line and its check, as multiples of starting Node with nothing to do.
// usage: npm run bench, or after npm run build: node scripts/ts.mjs bench/check.ts [CLI]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { checkRepo } from '../src/report/check-repo.ts';
import { type Shape, writeCorpus } from './corpus.ts';

const cli = resolve(process.argv[2] ?? join(dirname(process.argv[1] ?? ''), '..', 'dist', 'cli.cjs'));
const SHAPES: readonly (Shape & { readonly budget: string })[] = [
  { files: 130, dockerfiles: 2, yaml: 4, modules: 25, budget: '150 ms' },
  { files: 2000, dockerfiles: 30, yaml: 30, modules: 10, budget: '600 ms' },
  { files: 5000, dockerfiles: 50, yaml: 150, modules: 10, budget: '1,500 ms' },
];

/** Runs after which what is kept no longer grows (src/cli/kept/code.ts). */
const WARMING = 5;

interface Cost {
  /** Milliseconds from start to end, and of the processor: the machine may be busy with other work. */
  readonly wall: number;
  readonly cpu: number;
}

if (!existsSync(cli)) {
  console.error(`there is no ${cli}: run npm run build first`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
try {
  const meter = join(folder, 'meter.cjs');
  writeFileSync(
    meter,
    "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(3, String((user + system) / 1000)); });\n",
  );
  const cache = join(folder, 'cache');
  const run = (...args: readonly string[]): Cost => {
    const start = performance.now();
    const { output } = spawnSync(process.execPath, ['--require', meter, ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, PLIMSOLL_CACHE: cache },
      encoding: 'utf8',
    });
    return { wall: performance.now() - start, cpu: Number(output[3]) };
  };
  const bare = median(9, () => run('-e', ''));
  console.log(`${' '.repeat(54)}${'wall'.padStart(9)} ${'processor'.padStart(12)}   × bare node`);
  report("node -e ''", bare, '');
  report(
    '--version',
    median(9, () => run(cli, '--version')),
    'budget + 15 ms',
  );

  readDataFromFiles();
  for (const shape of SHAPES) {
    const corpus = join(folder, String(shape.files));
    mkdirSync(corpus);
    const count = writeCorpus(corpus, shape);
    const what = `check of ${count} files, ${shape.dockerfiles} Dockerfiles, ${shape.yaml} YAML files`;
    const first = median(5, () => {
      rmSync(cache, { recursive: true, force: true });
      return run(cli, 'check', corpus);
    });
    report(`${what}, nothing kept`, first, '');
    for (let i = 0; i < WARMING; i++) run(cli, 'check', corpus);
    report(
      '  again',
      median(9, () => run(cli, 'check', corpus)),
      `budget ${shape.budget}`,
    );
    const changed = join(corpus, 'service0', 'app', 'main.py');
    const afterChange = median(9, (i) => {
      writeFileSync(changed, `${readFileSync(changed, 'utf8')}\nCHANGED_${i} = ${i}\n`);
      return run(cli, 'check', corpus);
    });
    report('  after a change of one program', afterChange, `budget ${shape.budget}`);
    let findings = 0;
    const warm = () => {
      const [start, used] = [performance.now(), process.cpuUsage()];
      findings = checkRepo(openDirectory(corpus), { today: '2026-01-01' }).report.findings.length;
      const { user, system } = process.cpuUsage(used);
      return { wall: performance.now() - start, cpu: (user + system) / 1000 };
    };
    warm();
    const cost = median(5, warm);
    report('  the same in a process that did it before', cost, `${findings} findings`);
  }

  function report(what: string, { wall, cpu }: Cost, note: string): void {
    console.log(
      `${what.padEnd(54)}${wall.toFixed(0).padStart(6)} ms ${cpu.toFixed(0).padStart(9)} ms ${(cpu / bare.cpu).toFixed(2).padStart(13)}  ${note}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The middle run by processor time. */
/** The middle of each figure by itself. */
function median(times: number, run: (index: number) => Cost): Cost {
  const all = Array.from({ length: times }, (_, index) => run(index));
  const middle = (pick: (cost: Cost) => number) => all.map(pick).sort((a, b) => a - b)[times >> 1] ?? 0;
  return { wall: middle((cost) => cost.wall), cpu: middle((cost) => cost.cpu) };
}
