import type { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/place.ts';
import type { LineNode, LineResult } from './ast.ts';
import { build } from './build.ts';
import { type FlagSet, flagProblem, readFlag } from './flags.ts';
import type { LogicalLine } from './logical-line.ts';
import { readKeyword } from './split-command.ts';
import { didYouMean } from './suggest.ts';
import type { Comment, EscapeChar, Heredoc } from './syntax.ts';
import type { Instruction, Problem } from './types.ts';

/** Everything around one parsed line that its typed instruction needs. */
export interface InstructionInput {
  readonly line: LogicalLine;
  /** End of the instruction in the file, heredocs included. */
  readonly end: number;
  readonly lines: LineIndex;
  readonly file: string;
  /** The whole file. */
  readonly text: string;
  readonly escapeChar: EscapeChar;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Comment[];
  readonly index: number;
  readonly stage: number | undefined;
  readonly report: (problem: Problem) => void;
}

/** Why BuildKit refuses an instruction, and the part that is at fault. */
export interface Refusal {
  readonly error: string;
  readonly at?: Span;
  readonly remedy?: string;
}

export function isRefusal(value: object): value is Refusal {
  return 'error' in value;
}

const FLAGS: Readonly<Record<string, FlagSet>> = {
  ADD: {
    chown: 'string',
    chmod: 'string',
    link: 'bool',
    'keep-git-dir': 'bool',
    checksum: 'string',
    unpack: 'bool',
    exclude: 'strings',
  },
  COPY: { parents: 'bool', chown: 'string', from: 'string', chmod: 'string', link: 'bool', exclude: 'strings' },
  FROM: { platform: 'string' },
  HEALTHCHECK: {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  },
  RUN: { mount: 'strings', network: 'string', security: 'string', device: 'strings' },
};

const KEYWORDS = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

/** The typed instruction of a parsed line. What BuildKit refuses is reported and becomes `UNKNOWN`; a FROM stays a FROM,
 * so that what follows it has its stage. */
export function buildInstruction(parsed: LineResult, input: InstructionInput): Instruction {
  const { line } = input;
  if ('error' in parsed) {
    const keyword = readKeyword(line.text, 0, line.text.length);
    const word = { text: keyword.text, span: line.map.span(keyword.start, keyword.end) };
    const node = { value: word.text, keyword: word, flags: [], words: [], json: false };
    const span = { from: 0, to: line.text.length, start: line.text.length, end: line.text.length };
    return refused({ ...node, ...span }, input, parsed);
  }
  return instructionOf(parsed.node, input);
}

function instructionOf(node: LineNode, input: InstructionInput): Instruction {
  const keyword = node.value.toUpperCase();
  const base = baseOf(node, input);
  if (!KEYWORDS.includes(keyword)) {
    const error = `unknown instruction: ${node.value}${didYouMean(node.value, KEYWORDS, false)}`;
    return refused(node, input, { error, at: base.keywordSpan });
  }
  const allowed = FLAGS[keyword] ?? {};
  const flags = flagProblem(base.flags, allowed);
  const built = build(keyword, { node, input, base, flagRefusal: flags && { error: flags.error, at: flags.at.span } });
  if (!isRefusal(built)) return built;
  if (keyword !== 'FROM') return refused(node, input, built);
  report(input, built, base.span);
  const nothing = { text: '', span: { start: base.keywordSpan.end, end: base.keywordSpan.end } };
  return { ...base, keyword: 'FROM', image: node.words[0] ?? nothing };
}

export type InstructionBase = ReturnType<typeof baseOf>;

function baseOf(node: LineNode, input: InstructionInput) {
  const { line } = input;
  const span = { start: node.keyword.span.start, end: Math.max(input.end, node.keyword.span.end) };
  return {
    written: node.value,
    index: input.index,
    stage: input.stage,
    span,
    place: input.lines.place(input.file, span),
    keywordSpan: node.keyword.span,
    flags: node.flags.map(readFlag),
    words: node.words,
    form: node.json ? ('exec' as const) : ('shell' as const),
    heredocs: input.heredocs,
    comments: input.comments,
    original: node.from === 0 && node.to === line.text.length ? line.text : line.text.slice(node.from, node.to),
    originalMap: node.from === 0 && node.to === line.text.length ? line.map : line.map.slice(node.from, node.to),
  };
}

function refused(node: LineNode, input: InstructionInput, refusal: Refusal): Instruction {
  const base = baseOf(node, input);
  const problem = report(input, refusal, base.span);
  return { ...base, keyword: 'UNKNOWN', problem };
}

function report(input: InstructionInput, refusal: Refusal, span: Span): Problem {
  const problem: Problem = {
    level: 'error',
    at: input.lines.place(input.file, refusal.at ?? span),
    text: refusal.error,
    ...(refusal.remedy === undefined ? {} : { remedy: refusal.remedy }),
  };
  input.report(problem);
  return problem;
}

/** The instruction behind ONBUILD: judged only when an image is built from this one, so nothing is reported. */
export function innerInstruction(child: LineNode, input: InstructionInput): Instruction {
  return instructionOf(child, { ...input, comments: [], report: () => undefined });
}
