// npm start [-- DIR] [--write]: the main job, from nothing: installs, builds, finds or makes an engine, then
// check → refit → prove --quick → report on a copy of DIR (default: the bundled example).
// --write works on DIR itself: the safe part of the refit is applied there.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { bringUp } from '../e2e/engine/bring-up.mjs';
import { at, install, isInstalled, requireNode, root } from './project.mjs';
import { run } from './run.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const begun = performance.now();
const heading = (text) =>
  say(`\n━━ ${text} ${'━'.repeat(Math.max(3, 76 - text.length))} ${((performance.now() - begun) / 1000).toFixed(0)} s`);

function fail(text, code) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function askedFor() {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--write');
  if (unknown !== undefined) fail(`npm start has no option ${unknown}. Usage: npm start [-- DIR] [--write]`, 2);
  const directories = args.filter((arg) => !arg.startsWith('-'));
  if (directories.length > 1) fail(`npm start takes one directory, not ${directories.join(' and ')}.`, 2);
  // npm runs scripts in the package's folder; DIR is meant from where the user stands.
  const given =
    directories[0] === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), directories[0]);
  if (given !== undefined && !(existsSync(given) && statSync(given).isDirectory()))
    fail(`${given} is not a directory.`, 2);
  return { source: given ?? at('examples', 'events'), bundled: given === undefined, write: args.includes('--write') };
}

async function prepare() {
  if (!isInstalled()) {
    say('Installing what package-lock.json lists …');
    const fault = await install();
    if (fault !== undefined) fail(fault, 1);
  }
  const built = await run(process.execPath, ['scripts/build.mjs', '--no-types'], { cwd: root, seconds: 120 });
  if (!built.ok) fail(`The build failed:\n${built.output}`, 1);
}

function copyOf(source) {
  const folder = join(mkdtempSync(join(tmpdir(), 'plimsoll-start-')), basename(source));
  // Sockets and devices cannot be copied; earlier evidence is of the original, not of this copy.
  const wanted = (path) => {
    const status = statSync(path, { throwIfNoEntry: false });
    return basename(path) !== '.plimsoll' && (status === undefined || status.isFile() || status.isDirectory());
  };
  cpSync(source, folder, { recursive: true, verbatimSymlinks: true, filter: wanted });
  return folder;
}

/** Runs a verb with this terminal. 0 and 1 are both answers (1: there are findings, or a budget is missed). */
function plimsoll(args, env = {}) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [at('dist', 'cli.js'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    // Ctrl-C reaches the verb by itself: it cleans up, and we wait for it.
    const wait = () => say('stopping …');
    process.on('SIGINT', wait);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      if (signal !== null || code === 130) fail(`plimsoll ${args[0]} was interrupted.`, 130);
      done(code ?? 3);
    });
  });
}

requireNode();
const { source, bundled, write } = askedFor();
heading('prepare');
await prepare();
const directory = write ? source : copyOf(source);
say(
  `${bundled ? 'The bundled example' : source}${write ? ' itself: the safe part of the refit is written there' : `, worked on in a copy: ${directory}`}`,
);

const faults = [];
async function verb(title, args, env) {
  heading(title);
  const code = await plimsoll(args, env);
  if (code > 1) faults.push(`${args[0]} ended with exit code ${code}`);
  return code <= 1;
}

await verb('check: what would break, and why', ['check', directory]);
await verb('refit: the production set-up as a patch', ['refit', directory, ...(write ? ['--write'] : [])]);

heading('an engine, to prove it');
const engine = await bringUp();
const notProven = [];
if (engine.kind === 'none') {
  say(`There is none: ${engine.why}.`);
  notProven.push(
    'Nothing was built or run: sizes, times, health and every other measured row are missing. `plimsoll doctor` says how to get an engine.',
  );
} else {
  say(`${engine.why}.`);
  if (engine.kind === 'private')
    say('Its base images are stand-ins: what is measured is true of them, and may differ from the published images.');
  const measured = await verb('prove --quick: before and after, measured', ['prove', directory, '--quick'], engine.env);
  notProven.push(
    measured
      ? `--quick measures what takes seconds; the rows it left out say so. All of them: node dist/cli.js prove ${directory}`
      : 'prove did not come to its end: what it could not measure is missing in the report.',
  );
}

const evidence = join(directory, '.plimsoll');
const report = join(evidence, 'report.html');
if (existsSync(evidence)) await verb('report', ['report', directory, '--format', 'html', '--output', report]);
else notProven.push('There is no evidence at all, so there is no report.');
say('');
for (const fault of faults) say(`✗ ${fault}`);
for (const line of notProven) say(`Not proven: ${line}`);
if (existsSync(report)) say(`Report: ${report}`);
process.exitCode = faults.length > 0 ? 1 : 0;
