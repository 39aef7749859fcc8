import type { Dockerfile } from './types.ts';

const MARK = /\{\{|\{%|<%/;

/** Whether the file is a template (Go, Jinja, EJS, ERB) that is filled in before anything is built: an instruction begins with a mark,
 * or names its base, an argument or a path with one. RUN may hold `{{` for `docker --format` and its like. */
export function isTemplate({ instructions }: Dockerfile): boolean {
  return instructions.some((instruction) => {
    if (instruction.keyword === 'UNKNOWN') return /^(\{\{|\{%|<%)/.test(instruction.written);
    return /^(FROM|ARG|COPY|ADD|WORKDIR|EXPOSE|USER)$/.test(instruction.keyword) && MARK.test(instruction.original);
  });
}
