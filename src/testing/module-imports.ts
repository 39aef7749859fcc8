import { parser } from '@lezer/javascript';

/** One place where a module names another: `import`, `export … from`, `import()`. */
export interface ModuleImport {
  /** As written, for example `../text/place.ts` or `node:fs`. */
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** `export … from`: hands on what it imports. */
  readonly reExport: boolean;
}

const typescript = parser.configure({ dialect: 'ts' });
const STATEMENTS = new Set(['ImportDeclaration', 'ExportDeclaration']);

/** The imports of a TypeScript module, from its syntax tree: text in comments and strings is none. */
export function importsOf(source: string): readonly ModuleImport[] {
  const found: ModuleImport[] = [];
  const add = (from: number, to: number, reExport: boolean) => {
    const line = source.slice(0, from).split('\n').length;
    found.push({ specifier: source.slice(from + 1, to - 1), line, reExport });
  };
  typescript.parse(source).iterate({
    enter: (node) => {
      if (STATEMENTS.has(node.name)) {
        const name = node.node.getChild('String');
        if (name !== null) add(name.from, name.to, node.name === 'ExportDeclaration');
      }
      if (node.name === 'CallExpression' && source.slice(node.from, node.from + 6) === 'import') {
        const name = node.node.getChild('ArgList')?.getChild('String');
        if (name !== undefined && name !== null) add(name.from, name.to, false);
      }
      // `import('./x.ts').X` as a type
      if (node.name === 'DynamicImport' || node.name === 'ImportType') {
        const name = node.node.getChild('String');
        if (name !== null) add(name.from, name.to, false);
      }
    },
  });
  return found;
}
