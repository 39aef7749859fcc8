// Running a command to its end and keeping what it said. A fault is a value: { ok, exit, output }.
import { spawn } from 'node:child_process';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, input?: string, seconds?: number }} [options]
 * `env` is added to this process's; after `seconds` the command is killed
 * @returns {Promise<{ ok: boolean, exit: number | string, stdout: string, stderr: string, output: string }>}
 * exit: a code, a signal or a reason; output: both streams as they came
 */
export function run(command, args, { cwd, env = {}, input = '', seconds = 30 } = {}) {
  return new Promise((resolve) => {
    let [stdout, stderr, output] = ['', '', ''];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const end = (exit) => {
      clearTimeout(timer);
      resolve({ ok: exit === 0, exit, stdout, stderr, output });
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
      output += chunk;
    });
    child.on('error', (error) => end(error.code === 'ENOENT' ? `${command} is not installed` : error.message));
    child.on('close', (code, signal) => end(code ?? (signal === 'SIGKILL' ? `no answer within ${seconds} s` : signal)));
    // A command that ends before it reads its input closes the pipe: its exit code says what happened.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}

/** The last line with words in it: what a client's error message comes down to. */
export function lastLine(text) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.at(-1) ?? '';
}
