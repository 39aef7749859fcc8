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

const DIFF_LINES = 40;
const FINDINGS = '5';
const width = Math.min(process.stdout.columns ?? 100, 140);

/** Runs a verb in the repository, so that what it says is short. 0 and 1 are both answers (1: there are findings, or a budget
 * is missed). With `keep` its output is returned instead of shown. */
function plimsoll(args, { env = {}, keep = false } = {}) {
  return new Promise((done) => {
    // What is kept is shown here after all: with colours where this terminal has them.
    const look = keep
      ? { COLUMNS: String(width), ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {}) }
      : {};
    const child = spawn(process.execPath, [at('dist', 'cli.cjs'), ...args], {
      cwd: directory,
      env: { ...process.env, ...look, ...env },
      stdio: ['ignore', keep ? 'pipe' : 'inherit', keep ? 'pipe' : 'inherit'],
    });
    const kept = { out: '', err: '' };
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      kept.out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      kept.err += text;
    });
    // Ctrl-C reaches the verb by itself: it cleans up, and we wait for it.
    const wait = () => say('stopping …');
    process.on('SIGINT', wait);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      if (signal !== null || code === 130) fail(`plimsoll ${args[0]} was interrupted.`, 130);
      if (code > 1) {
        faults.push(`${args[0]} ended with exit code ${code}`);
        if (keep) process.stderr.write(kept.err);
      }
      done({ code: code ?? 3, ...kept });
    });
  });
}

/** The parts of the plan, then the first lines of the patch of a Dockerfile (of anything where there is none). */
async function showRefit() {
  const { code, out, err } = await plimsoll(['refit'], { keep: true });
  if (code > 1) return;
  say(err.trimEnd());
  const patches = out.split(/^(?=diff --git )/m).filter((text) => text.trim() !== '');
  const chosen = patches.find((text) => /^diff --git \S*Dockerfile\S* /.test(text)) ?? patches[0];
  if (chosen === undefined) return;
  const lines = chosen.trimEnd().split('\n');
  say(`\n${lines.slice(0, DIFF_LINES).join('\n')}`);
  const more = out.trimEnd().split('\n').length - Math.min(lines.length, DIFF_LINES);
  if (more > 0) say(`… ${more} more lines in ${patches.length} files: ${command('refit')}`);
}

const faults = [];
requireNode();
const { source, bundled, write } = askedFor();
heading('prepare');
await prepare();
const directory = write ? source : copyOf(source);
const shell = (text) => (/^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const command = (verb) => `node ${shell(at('dist', 'cli.cjs'))} ${verb} ${shell(directory)}`;
say(
  `${bundled ? 'The bundled example' : source}${write ? ' itself: the safe part of the refit is written there' : `, worked on in a copy: ${directory}`}`,
);

heading('check: what would break, and why');
await plimsoll(['check', '--limit', FINDINGS]);

heading(write ? 'refit --write: the safe part is applied' : 'refit: the production set-up as a patch');
if (write) await plimsoll(['refit', '--write']);
else await showRefit();

heading('an engine, to prove it');
const engine = await bringUp();
const notProven = [];
if (engine.kind === 'none') {
  say(`There is none: ${engine.why}.`);
  notProven.push(
    `nothing was built or run, so sizes, times, health and every other measured row are missing. How to get an engine: node ${shell(at('dist', 'cli.cjs'))} doctor`,
  );
} else {
  say(`${engine.why}.`);
  if (engine.kind === 'private')
    say('Its base images are stand-ins: what is measured is true of them, and may differ from the published images.');
  heading('prove --quick: before and after, built, run and measured');
  const { code } = await plimsoll(['prove', '--quick'], { env: engine.env });
  notProven.push(
    code <= 1
      ? `what --quick leaves out: compressed sizes, cold builds, rebuilds after a dependency change, byte equality, restart, recreation, backup and restore. All of it: ${command('prove')}`
      : 'prove did not come to its end: what it could not measure is missing in the report.',
  );
}

heading('report');
const report = join(directory, '.plimsoll', 'report.html');
if (existsSync(join(directory, '.plimsoll')))
  await plimsoll(['report', '--format', 'html', '--output', report], { keep: true });
else say('There is no evidence, so there is no page.');
for (const fault of faults) say(`✗ ${fault}`);
for (const line of notProven) say(`Not proven: ${line}`);
if (existsSync(report)) say(`The page, with the evidence for every number: ${report}`);
process.exitCode = faults.length > 0 ? 1 : 0;
