import { type KeptWork, keptWork } from '../text/kept.ts';
import type { SourceTree } from './source-tree.ts';

type Question = 'look' | 'text' | 'names' | 'origin';

/** What was asked of the files, and the answers, shortened. */
type Answers = readonly (readonly [Question, string, string])[];

interface Kept {
  readonly answers: Answers;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** What an earlier run read out of the code of one process. It holds as long as every question that was asked of the files then
 * has the same answer now. */
export class KeptProcess {
  /** The files, with every question noted. */
  readonly tree: SourceTree;
  readonly #work: KeptWork;
  readonly #name: string;
  readonly #files: SourceTree;
  readonly #asked = new Map<string, readonly [Question, string, string]>();
  #parts: Readonly<Record<string, unknown>> | undefined;

  /** @param inputs Everything else that the reading depends on: command, folder, environment. */
  static of(files: SourceTree, inputs: unknown): KeptProcess | undefined {
    const work = keptWork();
    return work && new KeptProcess(work, `process ${work.digest(JSON.stringify(inputs))}`, files);
  }

  constructor(work: KeptWork, name: string, files: SourceTree) {
    this.#work = work;
    this.#name = name;
    this.#files = files;
    this.tree = {
      look: (path) => this.#note('look', path, files.look(path)),
      text: (path) => {
        const text = files.text(path);
        this.#note('text', path, this.#short(text));
        return text;
      },
      names: (path) => {
        const names = files.names(path);
        this.#note('names', path, names.join('/'));
        return names;
      },
      origin: (path) => this.#note('origin', path, files.origin(path)),
    };
  }

  /** A part as an earlier run read it, or undefined. */
  recall(part: string): unknown {
    this.#parts ??= this.#load();
    return this.#parts[part];
  }

  keep(part: string, value: unknown): void {
    const parts = { ...this.#parts, [part]: value };
    this.#parts = parts;
    this.#work.keep(this.#name, (): Kept => ({ answers: [...this.#asked.values()], parts }));
  }

  #load(): Readonly<Record<string, unknown>> {
    const kept = this.#work.find(this.#name) as Kept | undefined;
    if (!kept?.answers.every(([question, path, answer]) => this.#answer(question, path) === answer)) return {};
    for (const entry of kept.answers) this.#asked.set(`${entry[0]} ${entry[1]}`, entry);
    return kept.parts;
  }

  #answer(question: Question, path: string): string {
    switch (question) {
      case 'look':
        return this.#files.look(path);
      case 'text':
        return this.#short(this.#files.text(path));
      case 'names':
        return this.#files.names(path).join('/');
      case 'origin':
        return this.#files.origin(path);
    }
  }

  #short(text: string | undefined): string {
    return text === undefined ? '' : this.#work.digest(text);
  }

  #note<T extends string>(question: Question, path: string, answer: T): T {
    const name = `${question} ${path}`;
    if (!this.#asked.has(name)) this.#asked.set(name, [question, path, answer]);
    return answer;
  }
}
