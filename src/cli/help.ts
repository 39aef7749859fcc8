import type { Verb } from './command.ts';
import { VERBS } from './verbs.ts';

/** The whole command on one screen. */
export function mainHelp(version: string): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length));
  const verbs = Object.entries(VERBS).map(([name, verb]) => `  ${name.padEnd(width)}  ${verb.summary}`);
  return `plimsoll ${version}: checks, refits and proves container set-ups

usage: plimsoll [VERB] [DIR] [options]        without a verb: check

${verbs.join('\n')}

  plimsoll VERB --help lists a verb's options; --version, -V prints the version.
  Exit codes: 0 fine, 1 findings or a budget missed, 2 wrong use or nothing
  readable, 3 a bug of ours. Only prove runs anything of the repository, and
  only in containers.
`;
}

export function verbHelp(name: string, verb: Verb): string {
  const flags = Object.entries(verb.flags).map(([flag, { short, value, help }]) => {
    const left = `${short === undefined ? '' : `-${short}, `}--${flag}${value === undefined ? '' : ` ${value}`}`;
    return { left, help };
  });
  const width = Math.max(0, ...flags.map((f) => f.left.length));
  const usage = `usage: plimsoll ${name}${verb.usage === '' ? '' : ` ${verb.usage}`}${flags.length > 0 ? ' [options]' : ''}`;
  const rows = flags.map((f) => `  ${f.left.padEnd(width)}  ${f.help}`);
  return `${[`plimsoll ${name}: ${verb.summary}`, '', usage, ...(rows.length > 0 ? ['', ...rows] : [])].join('\n')}\n`;
}
