import { LineIndex } from '../text/line-index.ts';
import type { Span } from '../text/place.ts';
import { type LineNode, parseLine, takesHeredocs } from './ast.ts';
import { detectSyntax, readDirectives } from './directives.ts';
import { skipSpace, trimSpace } from './go-text.ts';
import { heredocMarks } from './heredoc.ts';
import { buildInstruction } from './instruction.ts';
import { LINE_TOO_LONG, MAX_INSTRUCTIONS, MAX_TEXT, MAX_UNTERMINATED, overlongLines, unjudged } from './limits.ts';
import { isCommentLine, type LogicalLine, type PhysicalLine, physicalLines, readLogicalLine } from './logical-line.ts';
import type { Comment, Heredoc } from './syntax.ts';
import type { ArgInstruction, AstNode, Dockerfile, FromInstruction, Instruction, Problem, Stage } from './types.ts';

/** Parses a Dockerfile as BuildKit does and keeps everything. Whatever BuildKit refuses becomes a problem, and parsing
 * goes on behind it. `file` is the path that places name. */
export function parseDockerfile(text: string, file: string): Dockerfile {
  if (text.length <= MAX_TEXT) return new DockerfileParser(text, file).run() ?? unjudged(text, file);
  return unjudged(text, file);
}

class DockerfileParser {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: LineIndex;
  readonly #physical: readonly PhysicalLine[];
  readonly #problems: Problem[] = [];
  readonly #comments: Comment[] = [];
  readonly #nodes: AstNode[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #stages: { from: FromInstruction; instructions: Instruction[] }[] = [];
  readonly #metaArgs: ArgInstruction[] = [];
  #longLines: ReadonlySet<number> = new Set();
  #unterminated = 0;
  #next = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#lines = new LineIndex(text);
    this.#physical = physicalLines(text);
  }

  /** Undefined when there are too many instructions. */
  run(): Dockerfile | undefined {
    const { directives, escapeChar, problem } = readDirectives(this.#text, this.#physical);
    if (problem !== undefined) this.#problemAtLine(problem.line, problem.text);
    this.#longLines = overlongLines(this.#text, this.#physical);
    const [tooLong] = this.#longLines;
    if (tooLong !== undefined) this.#problemAtLine(tooLong, LINE_TOO_LONG);
    const directiveLines = new Set(directives.map((directive) => directive.line));
    let before: Comment[] = [];
    while (this.#next < this.#physical.length) {
      const line = this.#physical[this.#next];
      if (line === undefined) break;
      if (isCommentLine(this.#text, this.#afterMark(line))) {
        this.#next++;
        if (directiveLines.has(line.number)) continue;
        const comment = this.#comment(this.#afterMark(line), 'before');
        // An empty comment separates, as in BuildKit: what is above it does not describe what is below.
        before = comment.text === '' ? [] : [...before, comment];
        continue;
      }
      const read = readLogicalLine(this.#text, this.#physical, this.#next, escapeChar);
      if (read === undefined) {
        this.#next++;
        continue;
      }
      this.#next = read.next;
      this.#instruction(read.line, before, escapeChar);
      before = [];
      if (this.#instructions.length > MAX_INSTRUCTIONS) return undefined;
    }
    if (this.#instructions.length === 0) this.#problemAtLine(this.#physical.length, 'file with no instructions');
    const syntax = detectSyntax(this.#text);
    return {
      file: this.#file,
      text: this.#text,
      lines: this.#lines,
      escape: escapeChar,
      directives,
      ...(syntax === undefined ? {} : { syntax }),
      nodes: this.#nodes,
      instructions: this.#instructions,
      stages: this.#stages.map((stage, index) => this.#stage(stage, index)),
      metaArgs: this.#metaArgs,
      comments: this.#comments,
      problems: this.#problems,
    };
  }

  #instruction(line: LogicalLine, before: readonly Comment[], escapeChar: Dockerfile['escape']): void {
    const inside = line.comments.map((comment) =>
      this.#comment({ ...comment.span, next: comment.span.end, number: comment.line }, 'inside'),
    );
    const overlong = this.#isOverlong(line);
    const parsed = overlong ? { error: LINE_TOO_LONG } : parseLine(line.text, line.map, escapeChar);
    const heredocs = 'error' in parsed ? [] : this.#heredocs(line, parsed.node);
    const lastLine = this.#physical[this.#next - 1];
    const end = heredocs.length > 0 ? (lastLine?.end ?? line.end) : line.end;
    if (line.emptyContinuation) {
      this.#problems.push({
        level: 'warning',
        at: this.#lines.place(this.#file, { start: line.map.offset(0), end }),
        text: `Empty continuation line found in: ${line.text}`,
        remedy: 'Empty continuation lines will become errors in a future release',
      });
    }
    const endLine = lastLine?.number ?? line.endLine;
    if (!('error' in parsed)) this.#nodes.push(astOf(parsed.node, line.text, heredocs, line.startLine, endLine));
    const problemCount = this.#problems.length;
    const inStage = this.#stages.length > 0;
    const isFrom = !('error' in parsed) && parsed.node.value.toUpperCase() === 'FROM';
    const instruction = buildInstruction(parsed, {
      line,
      end,
      lines: this.#lines,
      file: this.#file,
      text: this.#text,
      escapeChar,
      heredocs,
      comments: [...before, ...inside],
      index: this.#instructions.length,
      stage: isFrom ? this.#stages.length : inStage ? this.#stages.length - 1 : undefined,
      report: (problem) => (overlong ? 0 : this.#problems.push(problem)),
    });
    this.#instructions.push(instruction);
    if (instruction.keyword === 'FROM') this.#stages.push({ from: instruction, instructions: [] });
    else if (inStage) this.#stages.at(-1)?.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') this.#metaArgs.push(instruction);
    else if (problemCount === this.#problems.length) {
      const text = 'no build stage in current context';
      this.#problems.push({ level: 'error', at: instruction.place, text, remedy: 'begin with FROM' });
    }
  }

  /** Reads the bodies of the heredocs that a line announces; moves behind them. */
  #heredocs(line: LogicalLine, node: LineNode): readonly Heredoc[] {
    if (!takesHeredocs(node) || !line.text.includes('<<')) return [];
    const marks = heredocMarks(line.text);
    const at = { start: line.map.offset(0), end: line.end };
    if ('error' in marks) {
      this.#problems.push({ level: 'error', at: this.#lines.place(this.#file, at), text: marks.error });
      return [];
    }
    const heredocs: Heredoc[] = [];
    for (const mark of marks) {
      const first = this.#next;
      const start = this.#physical[first]?.start ?? this.#text.length;
      let terminator: PhysicalLine | undefined;
      const last = this.#unterminated < MAX_UNTERMINATED ? this.#physical.length : first;
      for (let i = first; terminator === undefined && i < last; i++) {
        const candidate = this.#physical[i];
        if (candidate === undefined) break;
        let from = candidate.start;
        while (mark.chomp && from < candidate.end && this.#text[from] === '\t') from++;
        if (candidate.end - from === mark.name.length && this.#text.startsWith(mark.name, from)) {
          terminator = candidate;
          this.#next = i + 1;
        }
      }
      if (terminator === undefined) {
        this.#unterminated++;
        // BuildKit stops here. We read on behind the announcing line: the rest may be instructions.
        const text = 'unterminated heredoc';
        const remedy = `end it with a line that holds only ${mark.name}`;
        this.#problems.push({ level: 'error', at: this.#lines.place(this.#file, at), text, remedy });
        return heredocs;
      }
      const content = this.#text.slice(start, terminator.start);
      heredocs.push({ ...mark, content, contentSpan: { start, end: terminator.start } });
    }
    return heredocs;
  }

  #isOverlong(line: LogicalLine): boolean {
    if (this.#longLines.size === 0) return false;
    for (let i = line.startLine; i <= line.endLine; i++) if (this.#longLines.has(i)) return true;
    return false;
  }

  #stage(stage: { from: FromInstruction; instructions: readonly Instruction[] }, index: number): Stage {
    const name = stage.from.stageName;
    const last = stage.instructions.at(-1) ?? stage.from;
    const span: Span = { start: stage.from.span.start, end: last.span.end };
    return {
      index,
      ...(name === undefined ? {} : { name }),
      from: stage.from,
      instructions: stage.instructions,
      place: this.#lines.place(this.#file, span),
    };
  }

  #comment(line: PhysicalLine, position: Comment['position']): Comment {
    const start = skipSpace(this.#text, line.start, line.end);
    const text = trimSpace(this.#text.slice(start + 1, line.end));
    const comment: Comment = { text, span: { start, end: line.end }, line: line.number, position };
    this.#comments.push(comment);
    return comment;
  }

  /** The first line without its byte order mark. */
  #afterMark(line: PhysicalLine): PhysicalLine {
    return line.start === 0 && this.#text[0] === '\uFEFF' ? { ...line, start: 1 } : line;
  }

  #problemAtLine(line: number, text: string): void {
    const physical = this.#physical[line - 1];
    const span = physical === undefined ? { start: 0, end: 0 } : { start: physical.start, end: physical.end };
    this.#problems.push({ level: 'error', at: this.#lines.place(this.#file, span), text });
  }
}

function astOf(
  node: LineNode,
  original: string,
  heredocs: readonly Heredoc[],
  startLine: number,
  endLine: number,
): AstNode {
  const child = node.child;
  return {
    value: node.value,
    flags: node.flags,
    words: node.words,
    json: node.json,
    heredocs,
    original,
    startLine,
    endLine,
    ...(child === undefined
      ? {}
      : { child: astOf(child, original.slice(child.from, child.to), [], startLine, endLine) }),
  };
}
