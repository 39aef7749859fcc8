import type { CopyInstruction, Instruction } from '../dockerfile/types.ts';

/** `COPY . .`: all of the context comes to the working directory, whose path may be written out. */
export function wholeCopy(instruction: Instruction, workdir: string | undefined): instruction is CopyInstruction {
  return (
    instruction.keyword === 'COPY' &&
    instruction.from === undefined &&
    instruction.exclude.length === 0 &&
    instruction.sources.some(({ text }) => /^(\.|\.\/|\/)$/.test(text)) &&
    (/^\.?\/?$/.test(instruction.destination.text) || instruction.destination.text.replace(/\/$/, '') === workdir)
  );
}
