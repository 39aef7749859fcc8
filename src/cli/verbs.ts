import type { Flag, Verb } from './command.ts';

const format = (kinds: string): Flag => ({ type: 'string', value: 'FORMAT', help: kinds });
const config: Flag = { type: 'string', value: 'FILE', help: 'config file (default plimsoll.yaml or .json)' };
const only: Flag = { type: 'string', multiple: true, value: 'RULE', help: 'only this rule (repeatable)' };
const engine: Flag = { type: 'boolean', help: 'also let containers reach the internet' };

/** Every verb, in the order of the help. The modules are loaded only when they run. */
export const VERBS: Readonly<Record<string, Verb>> = {
  check: {
    summary: 'say what would break or hurt, and why (needs no engine)',
    usage: '[DIR]',
    maxPositionals: 1,
    flags: {
      format: format('text, json, sarif, github, gitlab, junit'),
      'fail-on': { type: 'string', value: 'LEVEL', help: 'exit 1 from this severity: error, warning, note, never' },
      only,
      service: { type: 'string', multiple: true, value: 'NAME', help: 'only findings of this service' },
      all: { type: 'boolean', help: 'show every finding in full' },
      limit: { type: 'string', value: 'N', help: 'show N findings in full (default 10), count the rest' },
      undecided: { type: 'boolean', help: 'list what could not be decided, and why' },
      style: { type: 'boolean', help: 'show matters of style too' },
      baseline: { type: 'string', value: 'FILE', help: 'hide findings of an earlier --format json' },
      since: { type: 'string', value: 'REV', help: 'only findings that the change since a git revision brings' },
      config,
    },
    load: async () => (await import('./verbs/check.ts')).run,
  },
  refit: {
    summary: 'show the production set-up as a patch; --write applies it',
    usage: '[DIR]',
    maxPositionals: 1,
    flags: {
      write: { type: 'boolean', help: 'apply the safe parts' },
      proven: { type: 'boolean', help: 'with --write: also the parts that prove has shown to work' },
      only,
      format: format('diff, json'),
    },
    load: async () => (await import('./verbs/refit.ts')).run,
  },
  prove: {
    summary: 'build and run before and after on an engine, and measure',
    usage: '[DIR]',
    maxPositionals: 1,
    flags: {
      quick: { type: 'boolean', help: 'only rows that take seconds' },
      stack: { type: 'string', value: 'FILES', help: 'compose files joined by "+"' },
      'env-file': { type: 'string', value: 'FILE', help: 'use real values instead of made-up ones' },
      'allow-egress': engine,
      resume: { type: 'string', value: 'RUN', help: 'continue an interrupted run' },
      config,
    },
    load: async () => (await import('./verbs/prove.ts')).run,
  },
  report: {
    summary: 'one page from the evidence alone: HTML, Markdown or JSON',
    usage: '[DIR]',
    maxPositionals: 1,
    flags: {
      format: format('html, markdown, json'),
      output: { type: 'string', short: 'o', value: 'FILE', help: 'where to write ("-": standard output)' },
    },
    load: async () => (await import('./verbs/report.ts')).run,
  },
  show: {
    summary: 'what Plimsoll believes: ast, context, image, stack, targets',
    usage: 'ast|context|image|stack|targets [FILE|DIR]',
    maxPositionals: 2,
    flags: {
      format: format('text, json; ast: buildkit; stack: mermaid'),
      target: { type: 'string', value: 'STAGE', help: 'image: the stage' },
      at: { type: 'string', value: 'LINE', help: 'image: as of this line' },
      diff: { type: 'boolean', help: 'context: against the context after refit' },
      context: { type: 'string', value: 'DIR', help: 'image, context: the build context' },
    },
    load: async () => (await import('./verbs/show.ts')).run,
  },
  explain: {
    summary: "a rule's page",
    usage: 'RULE',
    maxPositionals: 1,
    flags: {},
    load: async () => (await import('./verbs/explain.ts')).run,
  },
  doctor: {
    summary: 'what this machine can prove, and how to get the rest',
    usage: '',
    maxPositionals: 0,
    flags: {},
    load: async () => (await import('./verbs/doctor.ts')).run,
  },
  init: {
    summary: 'write a config file',
    usage: '[DIR]',
    maxPositionals: 1,
    flags: {},
    load: async () => (await import('./verbs/init.ts')).run,
  },
};
