import type { Service } from '../model/types.ts';

const SOURCE = /\.(?:py|[cm]?[jt]sx?|go|rs|java|kt|rb|php|cs|ya?ml|toml|json|properties|conf|sh|env)$/;
const FOREIGN = /(?:^|\/)(?:node_modules|\.git|dist|build|target|package-lock\.json|pnpm-lock\.yaml|tests?)(?:\/|$)/;

/** Whether a file of a service's build context names a number: then its code may listen there in a way that is not modelled. */
export function namesPort(service: Service, port: number): boolean {
  const { target, stack } = service;
  if (target === undefined) return false;
  const below = target.contextDir === '' || target.contextDir === '.' ? '' : `${target.contextDir}/`;
  const number = new RegExp(`(?<![\\w.])${port}(?![\\w.])`);
  if ([...service.env.values()].some((v) => v.value.known && number.test(v.value.value))) return true;
  return stack.repo
    .files()
    .filter(
      (file) => file.startsWith(below) && SOURCE.test(file) && !FOREIGN.test(file) && !/compose|prometheus/i.test(file),
    )
    .some((file) => (stack.repo.entry(file)?.size ?? 0) < 500_000 && number.test(stack.repo.text(file) ?? ''));
}
