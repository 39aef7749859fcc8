/** Inputs of a project's own tests, which are wrong on purpose or run by nobody. */
export function isTestInput(path: string): boolean {
  return /(?:^|\/)(?:__fixtures__|fixtures?|test-?data|testfiles?(?:-\w+)?)\//i.test(path);
}
