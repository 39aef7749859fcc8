import type { LineIndex } from '../text/line-index.ts';
import type { Place, Span } from '../text/place.ts';
import type { Mount } from './mount.ts';
import type { SourceMap } from './source-map.ts';
import type { Comment, Directive, EscapeChar, Flag, Heredoc, Script } from './syntax.ts';

/** One value as BuildKit's parser gives it (quotes and escapes still in it, unless it came from a JSON array). */
export interface Word {
  readonly text: string;
  /** Where it is written in the file, quotes included. */
  readonly span: Span;
}

/** What BuildKit would say. `error`: it refuses the file. */
export interface Problem {
  readonly level: 'error' | 'warning';
  readonly at: Place;
  readonly text: string;
  readonly remedy?: string;
}

/** A node of BuildKit's tree, as `dumpAst` prints it. */
export interface AstNode {
  /** The instruction's keyword as written. */
  readonly value: string;
  readonly flags: readonly Word[];
  readonly words: readonly Word[];
  /** The instruction behind ONBUILD. */
  readonly child?: AstNode;
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  /** The line with its continuations joined, as BuildKit keeps it. */
  readonly original: string;
  readonly startLine: number;
  readonly endLine: number;
}

interface Base<K extends string> {
  /** In capitals. */
  readonly keyword: K;
  /** As written. */
  readonly written: string;
  /** Position among all instructions of the file, from 0. */
  readonly index: number;
  /** Index of its stage; undefined before the first FROM. */
  readonly stage: number | undefined;
  /** From the keyword to the end of the last line, heredocs included, without the last line end. */
  readonly span: Span;
  readonly place: Place;
  readonly keywordSpan: Span;
  readonly flags: readonly Flag[];
  /** Everything after the flags, as BuildKit splits it. ENV and LABEL: key, value, separator. */
  readonly words: readonly Word[];
  /** `exec`: written as a JSON array. */
  readonly form: 'exec' | 'shell';
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly Comment[];
  /** The line with its continuations joined, without heredoc bodies. */
  readonly original: string;
  /** Maps offsets of `original` to the file. */
  readonly originalMap: SourceMap;
}

export interface FromInstruction extends Base<'FROM'> {
  readonly image: Word;
  /** In lower case, as stages are looked up. */
  readonly stageName?: string;
  readonly alias?: Word;
  readonly platform?: Flag;
}

/** RUN, CMD and ENTRYPOINT. Exec form: `argv`. Shell form: `script`. An empty one has neither. */
interface Runs {
  readonly argv?: readonly Word[];
  readonly script?: Script;
}

export interface RunInstruction extends Base<'RUN'>, Runs {
  readonly mounts: readonly Mount[];
  readonly network?: Flag;
  readonly security?: Flag;
  readonly devices: readonly Flag[];
}

export interface CmdInstruction extends Base<'CMD'>, Runs {}

export interface EntrypointInstruction extends Base<'ENTRYPOINT'>, Runs {}

/** A file written in the Dockerfile itself. */
export interface HeredocSource {
  readonly name: string;
  /** Leading tabs removed where `<<-` asks for it; variables not expanded yet. */
  readonly content: string;
  readonly expand: boolean;
  readonly contentSpan: Span;
}

interface Copies {
  readonly sources: readonly Word[];
  readonly heredocSources: readonly HeredocSource[];
  readonly destination: Word;
  readonly chown?: Flag;
  readonly chmod?: Flag;
  readonly link: boolean;
  readonly exclude: readonly Flag[];
}

export interface CopyInstruction extends Base<'COPY'>, Copies {
  readonly from?: Flag;
  readonly parents: boolean;
}

export interface AddInstruction extends Base<'ADD'>, Copies {
  readonly checksum?: Flag;
  /** Undefined: not said. */
  readonly keepGitDir?: boolean;
  readonly unpack?: boolean;
}

export interface HealthcheckInstruction extends Base<'HEALTHCHECK'>, Runs {
  readonly kind: 'none' | 'command';
  /** Seconds; undefined where not set (0 counts as not set, as the engine does it). */
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
  /** `ENV name value`, the old form. */
  readonly old: boolean;
}

export interface EnvInstruction extends Base<'ENV'> {
  readonly pairs: readonly KeyValue[];
}

export interface LabelInstruction extends Base<'LABEL'> {
  readonly pairs: readonly KeyValue[];
}

export interface ArgDeclaration {
  readonly name: Word;
  /** The default; undefined when there is no `=`. */
  readonly value?: Word;
  readonly span: Span;
}

export interface ArgInstruction extends Base<'ARG'> {
  readonly args: readonly ArgDeclaration[];
}

/** EXPOSE keeps its words: they are expanded first, then read by `parsePorts`. */
export interface ExposeInstruction extends Base<'EXPOSE'> {}

export interface VolumeInstruction extends Base<'VOLUME'> {
  readonly paths: readonly Word[];
}

export interface UserInstruction extends Base<'USER'> {
  readonly user: Word;
}

export interface WorkdirInstruction extends Base<'WORKDIR'> {
  readonly path: Word;
}

export interface ShellInstruction extends Base<'SHELL'> {
  readonly argv: readonly Word[];
}

export interface StopsignalInstruction extends Base<'STOPSIGNAL'> {
  readonly signal: Word;
}

export interface OnbuildInstruction extends Base<'ONBUILD'> {
  readonly inner: Instruction;
}

export interface MaintainerInstruction extends Base<'MAINTAINER'> {
  readonly name: Word;
}

/** An unknown keyword, or an instruction that BuildKit refuses: `problem` says why. */
export interface UnknownInstruction extends Base<'UNKNOWN'> {
  readonly problem: Problem;
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | CopyInstruction
  | AddInstruction
  | HealthcheckInstruction
  | EnvInstruction
  | LabelInstruction
  | ArgInstruction
  | ExposeInstruction
  | VolumeInstruction
  | UserInstruction
  | WorkdirInstruction
  | ShellInstruction
  | StopsignalInstruction
  | OnbuildInstruction
  | MaintainerInstruction
  | UnknownInstruction;

export type Keyword = Instruction['keyword'];

export interface Stage {
  readonly index: number;
  /** In lower case; undefined without AS. */
  readonly name?: string;
  readonly from: FromInstruction;
  /** Without FROM. */
  readonly instructions: readonly Instruction[];
  readonly place: Place;
}

/** A Dockerfile, parsed without loss: every offset of every part is known, broken parts are problems. */
export interface Dockerfile {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly escape: EscapeChar;
  readonly directives: readonly Directive[];
  /** The frontend asked for, in any of the forms BuildKit detects. */
  readonly syntax?: { readonly image: string; readonly written: string; readonly line: number };
  readonly nodes: readonly AstNode[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** ARG before the first FROM. */
  readonly metaArgs: readonly ArgInstruction[];
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
}
