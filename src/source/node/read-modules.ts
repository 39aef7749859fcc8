import type { SyntaxNode } from '@lezer/common';
import type { Expr, ImportedName, Stmt } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { DefinitionReader } from './read-definitions.ts';
import type { Where } from './read-expressions.ts';
import { unescapeScript } from './strings.ts';

/** Reads what a module takes from others and gives them. */
export abstract class ModuleReader extends DefinitionReader {
  abstract statement(node: SyntaxNode, decorators: readonly Expr[]): Stmt[];

  imports(parts: SyntaxNode[], at: Where): Stmt[] {
    const source = parts.find((part) => part.name === 'String');
    if (!source) {
      // `import f = require('q')`: Lezer stops at `=`; the call follows as a statement of its own.
      const rest = /=\s*require\(\s*(['"])(.*?)\1/.exec(this.text.slice(at.from, at.from + 300));
      const local = parts.find((part) => part.name === 'VariableDefinition');
      return rest && local
        ? [{ k: 'import', module: rest[2] ?? '', names: [{ name: '*', local: this.of(local) }], ...at }]
        : [];
    }
    const module = unescapeScript(this.of(source).slice(1, -1));
    if (parts[1]?.name === 'type') return [{ k: 'import', module, names: [], typeOnly: true, ...at }];
    const names: ImportedName[] = [];
    for (const [index, part] of parts.entries()) {
      if (part.name === 'ImportGroup') names.push(...this.group(part));
      else if (part.name === 'VariableDefinition')
        names.push({ name: parts[index - 1]?.name === 'as' ? '*' : 'default', local: this.of(part) });
    }
    return [{ k: 'import', module, names, ...at }];
  }

  group(node: SyntaxNode): ImportedName[] {
    return splitAtCommas(partsOf(node)).flatMap((group) => {
      if (group[0]?.name === 'type') return [];
      const first = group[0];
      const last = group.at(-1);
      return first && last
        ? [{ name: this.of(first).replace(/^['"]|['"]$/g, ''), local: this.of(last).replace(/^['"]|['"]$/g, '') }]
        : [];
    });
  }

  exports(parts: SyntaxNode[], at: Where, decorators: readonly Expr[]): Stmt[] {
    const source = parts.find((part) => part.name === 'String' && parts.some((other) => other.name === 'from'));
    const group = parts.find((part) => part.name === 'ExportGroup');
    const names = group ? this.group(group) : [];
    if (parts[1]?.name === 'type') return [];
    if (source) {
      const module = unescapeScript(this.of(source).slice(1, -1));
      if (group) return [{ k: 'import', module, names, reexport: true, ...at }];
      const as = parts.findIndex((part) => part.name === 'as');
      const local = parts[as + 1];
      return as > 0 && local
        ? [{ k: 'import', module, names: [{ name: '*', local: this.of(local) }], reexport: true, ...at }]
        : [{ k: 'import', module, names: [], all: true, reexport: true, ...at }];
    }
    if (group) return [{ k: 'export', names: names.map(({ name, local }) => ({ name: local, local: name })), ...at }];
    const standard = parts[1]?.name === 'default' || parts[1]?.name === 'Equals';
    const value = parts.slice(1).find((part) => !/^(default|Equals|;|Decorator|declare|abstract)$/.test(part.name));
    if (!value) return [];
    const found = this.statement(value, [...decorators, ...this.decoratorsIn(parts)]);
    const only = found[0];
    if (only && (only.k === 'def' || only.k === 'class'))
      return [{ ...only, exported: standard ? 'default' : 'named' }];
    if (found.length > 0)
      return found.map((statement) => (statement.k === 'assign' ? { ...statement, exported: true } : statement));
    return standard ? [{ k: 'export', names: [], value: this.expr(value), ...at }] : [];
  }
}
