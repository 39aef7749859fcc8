import type { RunInstruction } from '../../dockerfile/types.ts';
import type { Bashism, Script } from '../../shell/ast.ts';
import type { Place, Span } from '../../text/place.ts';
import type { Failure } from '../command-model.ts';
import type { SimulatedImage } from '../image.ts';
import type { RunContext } from '../run/run-context.ts';
import { because } from './stage-walk.ts';

/** Who reads the text of a RUN. */
export type Interpreter =
  | {
      readonly kind: 'bourne';
      readonly name: string;
      readonly dialect: RunContext['dialect'];
      readonly options: { readonly errexit: boolean; readonly pipefail: boolean; readonly nounset: boolean };
    }
  | { readonly kind: 'other'; readonly name: string };

/** The shell of a RUN: that of SHELL, or of the first line of a heredoc that begins with `#!`. */
export function interpreterOf(state: SimulatedImage, instruction: RunInstruction): Interpreter {
  const script = instruction.script;
  if (script?.kind === 'file') {
    const words = /^#!\s*([^\n]*)/.exec(script.text)?.[1]?.trim().split(/\s+/) ?? [];
    const program = /\/env$/.test(words[0] ?? '') ? words.slice(1).filter((word) => !word.startsWith('-')) : words;
    return fromWords(state, program);
  }
  return fromWords(state, state.shell);
}

function fromWords(state: SimulatedImage, words: readonly string[]): Interpreter {
  const name = words[0] ?? '/bin/sh';
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (!/^(sh|bash|ash|dash)$/.test(base)) return { kind: 'other', name };
  const options = { errexit: false, pipefail: false, nounset: false };
  for (let i = 1; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!/^-[a-zA-Z]+$/.test(word)) continue;
    if (word.includes('e')) options.errexit = true;
    if (word.includes('u')) options.nounset = true;
    if (word.includes('o') && words[i + 1] === 'pipefail') options.pipefail = true;
  }
  const { bourneShell } = state;
  const own = bourneShell.known && bourneShell.value !== 'none' ? bourneShell.value : 'unknown';
  const dialect = base === 'bash' ? 'bash' : base === 'dash' ? 'dash' : base === 'ash' ? 'busybox' : own;
  return { kind: 'bourne', name, dialect, options };
}

/** Bash constructs at which dash and BusyBox stop reading. Tried on dash 0.5.12 and BusyBox 1.37. */
const REFUSED: Readonly<Record<'dash' | 'busybox', Partial<Record<Bashism['construct'], string>>>> = {
  dash: {
    array: 'Syntax error: "(" unexpected',
    'process-substitution': 'Syntax error: "(" unexpected',
    'here-string': 'Syntax error: redirection unexpected',
    'pipe-ampersand': 'Syntax error: "&" unexpected',
    'arithmetic-for': 'Syntax error: Bad for loop variable',
  },
  busybox: { array: 'syntax error: unexpected "("', 'arithmetic-for': 'bad for loop variable' },
};

/** Why the shell refuses the script before it runs any of it; `unsure` when only this reader cannot make sense of it. */
export function syntaxFailure(
  script: Script,
  interpreter: Interpreter,
  state: SimulatedImage,
  instruction: RunInstruction,
  place: (span: Span) => Place,
): Failure | 'unsure' | undefined {
  if (interpreter.kind !== 'bourne') return undefined;
  const reason = because(instruction);
  const [error] = script.errors;
  if (error) {
    const plain = /^expected '(fi|done|esac|\}|\))' to close|unterminated (single|double) quote/.test(error.text);
    if (!plain || script.bashisms.length > 0) return 'unsure';
    const text = `the shell cannot read the script: ${error.text}`;
    return { kind: 'syntax', at: place(error.span), subject: 'RUN', text, because: [reason] };
  }
  const { dialect } = interpreter;
  if (dialect !== 'dash' && dialect !== 'busybox') return undefined;
  for (const bashism of script.bashisms) {
    const says = REFUSED[dialect][bashism.construct];
    if (says === undefined) continue;
    const shell = dialect === 'dash' ? 'dash' : 'BusyBox';
    return {
      kind: 'syntax',
      at: place(bashism.span),
      subject: bashism.construct,
      text: `${shell} does not know this construct of Bash (${bashism.construct.replaceAll('-', ' ')}) and stops`,
      because: [reason, ...state.bourneShell.because],
      says,
      detail: { shell: dialect },
    };
  }
  return undefined;
}
